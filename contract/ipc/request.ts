import { z } from 'zod'

/** One request: what goes in, what a success carries, and whether asking again after a host restart is harmless. */
export interface RequestSpec {
  input: z.ZodType
  output: z.ZodType
  retry: boolean
}

/** One entry of a topic's requests. Without `retry` a request that a dying host left unanswered is not asked again. */
export const request = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O, retry = true) => ({
  input,
  output,
  retry,
})

/** What a request without fields asks with, and what one answers that only says it is done. */
export const empty = z.object({})

/** What every start of long work answers: events carry this id from then on. */
export const runStarted = z.object({ runId: z.string() })
