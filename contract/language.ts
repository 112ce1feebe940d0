import { z } from 'zod'

/** A caret in a text: 1-based; columns count UTF-16 units as an editor does. */
export const textPositionSchema = z.object({ line: z.number().int().min(1), column: z.number().int().min(1) })
export type TextPosition = z.infer<typeof textPositionSchema>

/** A stretch of text, 1-based; the end is behind its last character. */
export const textRangeSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
})
export type TextRange = z.infer<typeof textRangeSchema>

/** A document as its window shows it: the text goes along, saved or not. */
export const languageDocumentSchema = z.object({ documentId: z.string(), text: z.string().max(4 * 2 ** 20) })
export const languagePlaceSchema = languageDocumentSchema.extend({ position: textPositionSchema })

/** Where something is: in a document of the workspace, or in one of the Metal library, which can only be read. */
export const codeLocationSchema = z.object({
  documentId: z.string(),
  range: textRangeSchema,
  isLibrary: z.boolean(),
})
export type CodeLocation = z.infer<typeof codeLocationSchema>

export const completionKinds = [
  ...(['function', 'method', 'variable', 'field', 'type', 'keyword', 'macro', 'constant', 'snippet'] as const),
  ...(['attribute', 'file', 'text'] as const),
] as const

export const completionItemSchema = z.object({
  label: z.string(),
  /** What stands behind the label: parameters, or a type. */
  detail: z.string().optional(),
  kind: z.enum(completionKinds),
  /** With `${1:placeholder}` where a person types on. */
  insert: z.string(),
  range: textRangeSchema,
  /** Markdown. */
  documentation: z.string().optional(),
  /** Best first, by code unit. */
  sort: z.string(),
})
export type CompletionItem = z.infer<typeof completionItemSchema>

export const signatureSchema = z.object({
  label: z.string(),
  documentation: z.string().optional(),
  /** Each parameter's place in the label: [begin, end). */
  parameters: z.array(z.tuple([z.number().int(), z.number().int()])),
})
export type CallSignature = z.infer<typeof signatureSchema>

/** What a part of the text is; a variable's modifier is the memory that it points to. */
export const tokenTypes = ['addressSpace', 'attribute', 'variable', 'function', 'type', 'macro'] as const
export const tokenModifiers = ['device', 'constant', 'threadgroup', 'library'] as const

export const codeSymbolKinds = ['function', 'struct', 'enum', 'variable', 'field', 'type', 'namespace'] as const

/** Something that a document declares, with what it declares inside. */
export interface CodeSymbol {
  name: string
  detail: string
  kind: (typeof codeSymbolKinds)[number]
  range: TextRange
  /** The name alone. */
  selection: TextRange
  children: CodeSymbol[]
}
export const codeSymbolSchema: z.ZodType<CodeSymbol> = z.object({
  name: z.string(),
  detail: z.string(),
  kind: z.enum(codeSymbolKinds),
  range: textRangeSchema,
  selection: textRangeSchema,
  get children() {
    return z.array(codeSymbolSchema)
  },
})

/** One replacement of a rename. Ranges are those of the text asked about, and of the disk's text elsewhere. */
export const textEditSchema = z.object({ documentId: z.string(), range: textRangeSchema, text: z.string() })
export type TextEdit = z.infer<typeof textEditSchema>
