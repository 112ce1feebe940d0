import { z } from 'zod'
import { analysisCheckSchema } from './analysis.ts'

/**
 * What became of a mutant: a kernel with one fault put into it on purpose, to see that the gates notice.
 * - rejected: a gate failed, as it must.
 * - equivalent: no fault after all. Nothing that the gates can ask tells it from the kernel; `reason` says how that is known.
 * - untested: nothing that was watched is seen to run the line that it is in, and nobody noticed it: no more is known.
 * - survived: it computes something else and no gate noticed. No evidence is written then: the gates prove nothing here.
 */
export const mutantOutcomeSchema = z.enum(['rejected', 'equivalent', 'untested', 'survived'])
export type MutantOutcome = z.infer<typeof mutantOutcomeSchema>

/** One entry of the kill list. */
export const mutantSchema = z.object({
  /** `drop-last-term@57:9`, `drop-last-term@loader.h:57:9` where the fault is in an included file. */
  id: z.string(),
  operator: z.string(),
  /** Relative to the kernel's folder; absent for the kernel's own file. */
  file: z.string().optional(),
  line: z.number().int(),
  /** `k < K → k + 1 < K` */
  change: z.string(),
  outcome: mutantOutcomeSchema,
  /** Of a rejected one: the gate that failed (bound, exact, poison, guard, sanitizer, run) and where. */
  gate: z.string().optional(),
  shape: z.string().optional(),
  seed: z.number().optional(),
  /** Why it is equivalent or untested; what was found, of one that the sanitizer rejected; how it survived. */
  reason: z.string().optional(),
})
export type Mutant = z.infer<typeof mutantSchema>

/** What watching the kernel came to: the gate that is passed when nothing was found. */
export const sanitizerSchema = z.object({
  /** Shapes that were run under watch. */
  shapes: z.array(z.string()),
  checks: z.array(analysisCheckSchema),
  /** Orders of simdgroups, lanes and threadgroups, on each shape. */
  schedules: z.number().int(),
  /** `file:line` of what indexes memory and was seen to run on no watched shape: nothing is known of these. */
  unwatchedLines: z.array(z.string()).optional(),
  /** Why nothing was watched: the device cannot, or there is no source. */
  skipped: z.string().optional(),
})
export type Sanitizer = z.infer<typeof sanitizerSchema>
