import { z } from 'zod'
import { diagnosticSchema } from './diagnostic.ts'

/** Where in a kernel's output two values disagree. `index` is flat, row-major over [batch, m, n]. */
export const mismatchAtSchema = z.object({
  gate: z.string(),
  shape: z.string(),
  seed: z.number(),
  index: z.number(),
  expected: z.number().nullable(),
  actual: z.number().nullable(),
})

/**
 * Every expected failure of the lab, by kind. A throw is a defect; these are values that cross IPC inside a Result.
 * `message` says what, where, and what to do.
 */
export const labErrorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('compile'), message: z.string(), diagnostics: z.array(diagnosticSchema) }),
  z.object({ kind: z.literal('pipeline'), message: z.string() }),
  z.object({ kind: z.literal('mismatch'), message: z.string(), at: mismatchAtSchema }),
  z.object({
    kind: z.literal('device-lost'),
    message: z.string(),
    file: z.string().optional(),
    line: z.number().optional(),
    /** The kernel that crashed; absent where it is not known to be a kernel's fault. */
    kernel: z.string().optional(),
  }),
  z.object({ kind: z.literal('timeout'), message: z.string() }),
  z.object({ kind: z.literal('unsupported'), message: z.string() }),
  z.object({ kind: z.literal('missing-tool'), message: z.string(), command: z.string().optional() }),
  z.object({
    kind: z.literal('manifest'),
    message: z.string(),
    path: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
  }),
  /** A document on disk is not what the writer last read. */
  z.object({ kind: z.literal('conflict'), message: z.string() }),
  z.object({ kind: z.literal('invalid'), message: z.string() }),
  z.object({ kind: z.literal('not-found'), message: z.string() }),
  z.object({ kind: z.literal('cancelled'), message: z.string() }),
  z.object({ kind: z.literal('internal'), message: z.string() }),
])
export type LabError = z.infer<typeof labErrorSchema>
export type LabErrorKind = LabError['kind']

/** Success with a value, or one LabError. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: LabError }

/** Wraps a success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** Wraps a failure. */
export function fail<T = never>(error: LabError): Result<T> {
  return { ok: false, error }
}
