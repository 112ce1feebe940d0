import { z } from 'zod'

/**
 * Test support: the parts of the OASIS SARIF 2.1.0 schema that a log of the lab uses, as the schema has them. Its
 * objects allow no other properties than their own, so a misspelt or misplaced one is an error here as well.
 */

const level = z.enum(['none', 'note', 'warning', 'error'])
const index = z.number().int().min(-1)
const isReference = (text: string) => URL.canParse(text, 'file:///base/') && !/[\s<>"{}|\\^`]/.test(text)
const uriReference = z.string().refine(isReference, 'not a URI reference')
const propertyBag = z.looseObject({ tags: z.array(z.string()).optional() })

const message = z
  .strictObject({ text: z.string().optional(), markdown: z.string().optional(), id: z.string().optional() })
  .refine(({ text, id }) => text !== undefined || id !== undefined, 'neither text nor id')
const multiformatMessage = z.strictObject({ text: z.string(), markdown: z.string().optional() })
const artifactLocation = z.strictObject({
  uri: uriReference.optional(),
  uriBaseId: z.string().optional(),
  index: index.optional(),
})
const region = z.strictObject({ startLine: z.number().int().min(1), startColumn: z.number().int().min(1).optional() })
const location = z.strictObject({
  id: index.optional(),
  physicalLocation: z.strictObject({ artifactLocation, region: region.optional() }).optional(),
  message: message.optional(),
})
const rule = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  shortDescription: multiformatMessage.optional(),
  help: multiformatMessage.optional(),
  defaultConfiguration: z.strictObject({ level: level.optional(), enabled: z.boolean().optional() }).optional(),
})
const result = z.strictObject({
  ruleId: z.string().optional(),
  ruleIndex: index.optional(),
  level: level.optional(),
  message,
  locations: z.array(location).optional(),
  relatedLocations: z.array(location).optional(),
  occurrenceCount: z.number().int().min(1).optional(),
  partialFingerprints: z.record(z.string(), z.string()).optional(),
  properties: propertyBag.optional(),
})
const invocation = z.strictObject({
  executionSuccessful: z.boolean(),
  startTimeUtc: z.iso.datetime().optional(),
  toolExecutionNotifications: z.array(z.strictObject({ message, level: level.optional() })).optional(),
})
const run = z.strictObject({
  tool: z.strictObject({
    driver: z.strictObject({ name: z.string(), version: z.string().optional(), rules: z.array(rule).optional() }),
  }),
  originalUriBaseIds: z.record(z.string(), artifactLocation).optional(),
  columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']).optional(),
  invocations: z.array(invocation).optional(),
  results: z.array(result).optional(),
  properties: propertyBag.optional(),
})

/** A log of one or more runs. */
export const sarifLogSchema = z.strictObject({
  $schema: z.url().optional(),
  version: z.literal('2.1.0'),
  runs: z.array(run),
})
