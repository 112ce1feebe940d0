import { z } from 'zod'
import {
  codeLocationSchema,
  codeSymbolSchema,
  completionItemSchema,
  languageDocumentSchema,
  languagePlaceSchema,
  signatureSchema,
  textEditSchema,
  textRangeSchema,
} from '../language.ts'
import { type RequestSpec, request } from './request.ts'

/**
 * What an editor asks about a kernel's text. A newer question of the same kind about the same document ends an older one
 * that still waits with `cancelled`; without the tools on the machine they answer `missing-tool`.
 */
export const languageRequests = {
  'language.complete': request(
    languagePlaceSchema,
    z.object({ items: z.array(completionItemSchema), isIncomplete: z.boolean() }),
  ),
  'language.signature': request(
    languagePlaceSchema,
    z.object({
      signatures: z.array(signatureSchema),
      active: z.number().int(),
      activeParameter: z.number().int(),
    }),
  ),
  /** Markdown, best first; null where there is nothing to say. */
  'language.hover': request(
    languagePlaceSchema,
    z.object({ hover: z.object({ contents: z.array(z.string()), range: textRangeSchema.optional() }).nullable() }),
  ),
  'language.definition': request(languagePlaceSchema, z.object({ locations: z.array(codeLocationSchema) })),
  /** In the documents that are open. */
  'language.references': request(languagePlaceSchema, z.object({ locations: z.array(codeLocationSchema) })),
  /** `invalid` says why a name cannot be changed. Nothing is written. */
  'language.rename': request(
    languagePlaceSchema.extend({ name: z.string() }),
    z.object({ edits: z.array(textEditSchema) }),
  ),
  /** The whole text, laid out; with lines (1-based, both included) only those. */
  'language.format': request(
    languageDocumentSchema.extend({ lines: z.tuple([z.number().int(), z.number().int()]).optional() }),
    z.object({ text: z.string() }),
  ),
  'language.symbols': request(languageDocumentSchema, z.object({ symbols: z.array(codeSymbolSchema) })),
  /** Five numbers a token: lines and columns since the one before, length, index of tokenTypes, bits of tokenModifiers. */
  'language.tokens': request(languageDocumentSchema, z.object({ data: z.array(z.number().int()) })),
  /** A header of the Metal library, by the id that a location named. */
  'language.library': request(z.object({ documentId: z.string() }), z.object({ name: z.string(), text: z.string() })),
} satisfies Record<string, RequestSpec>
