import { z } from 'zod'

/** One message of the compiler. Lines and columns are 1-based; columns count UTF-16 units as an editor does. */
export const diagnosticSchema = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int().optional(),
  endColumn: z.number().int().optional(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
})
export type Diagnostic = z.infer<typeof diagnosticSchema>

export const bindingSchema = z.object({
  index: z.number().int(),
  /** buffer is device memory, constant is constant memory */
  kind: z.enum(['buffer', 'constant', 'threadgroup', 'texture', 'sampler']),
  type: z.string(),
  access: z.enum(['read', 'write', 'read_write']),
  name: z.string(),
  isPointer: z.boolean(),
  isOptional: z.boolean(),
  /** Bytes of the pointee; 0 when not known before compilation. */
  elementBytes: z.number().int(),
})
export type Binding = z.infer<typeof bindingSchema>

export const functionConstantSchema = z.object({
  index: z.number().int(),
  name: z.string(),
  type: z.string(),
  isRequired: z.boolean(),
})
export type FunctionConstant = z.infer<typeof functionConstantSchema>

/** A kernel of a file, as reflection sees it. */
export const entrySchema = z.object({
  name: z.string(),
  function: z.string(),
  file: z.string(),
  line: z.number().int(),
  maxTotalThreads: z.number().int(),
  bindings: z.array(bindingSchema),
  constants: z.array(functionConstantSchema),
})
export type Entry = z.infer<typeof entrySchema>

/** What a compile answered. Diagnostics may be non-empty even when ok. */
export const compileReportSchema = z.object({
  ok: z.boolean(),
  diagnostics: z.array(diagnosticSchema),
  entries: z.array(entrySchema),
  sourceHash: z.string(),
  timing: z.object({ frontEndNs: z.number(), optimiseNs: z.number(), linkNs: z.number(), cached: z.boolean() }),
})
export type CompileReport = z.infer<typeof compileReportSchema>
