import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ok } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import { writeFileAtomic } from '../store/atomic-file.ts'
import { canonicalJson, tidyJson } from '../store/canonical-json.ts'
import { withFileLock } from '../store/file-lock.ts'

/** Measurements of one unchanged kernel on one shape, the latest last: logarithms of the ratios. */
const seriesSchema = z.object({ key: z.string(), logs: z.array(z.number()) })
type Series = z.infer<typeof seriesSchema>
const fileSchema = z.record(z.string(), z.array(seriesSchema))

/** Of more, the oldest are forgotten: machines change. */
const mostSeries = 64
const mostLogs = 12
/** Degrees of freedom below which a spread is a guess. */
const leastFreedom = 5
/** So many measurements of one kernel on one shape say by themselves how far they lie apart. */
export const repeatsToKnow = leastFreedom + 1

const pathIn = (stateFolder: string) => join(stateFolder, 'repeats.json')

function readAll(stateFolder: string): Record<string, Series[]> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(pathIn(stateFolder), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

/** Equal for measurements that only time, process and place in memory tell apart. */
function keyOf({ variant, shape, identity, capNs, tierAsked }: Row): string {
  const { gitCommit: _, power: __, ...same } = identity
  const text = canonicalJson({ variant, shape, same, capNs, tierAsked })
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * Adds a row's ratio to those of earlier measurements of the same, and answers how far such lie apart on this device: by
 * this kernel's own, or while they are few, by all that were measured more than once. What a process finds when it
 * begins, and the minute it runs in, no measurement can vary: only others tell. A brief one is not added: a sweep
 * repeats nothing.
 */
export function noteRepeat(stateFolder: string, row: Row, isBrief: boolean): NonNullable<Row['repeats']> | null {
  if (!row.ratio) return null
  const key = keyOf(row)
  const log = Math.log(row.ratio.value)
  const note = () => {
    const all = readAll(stateFolder)
    const before = all[row.device] ?? []
    const logs = [...(before.find((series) => series.key === key)?.logs ?? []), log].slice(-mostLogs)
    const series = [{ key, logs }, ...before.filter((other) => other.key !== key)].slice(0, mostSeries)
    // A file that cannot be written is lost: no ratio depends on it.
    if (!isBrief)
      writeFileAtomic(pathIn(stateFolder), `${tidyJson({ ...all, [row.device]: series })}\n`, { mayBeLost: true })
    return ok(series)
  }
  const noted = isBrief ? note() : withFileLock(pathIn(stateFolder), note)
  return allowanceOf(row.ratio, noted.ok ? noted.value : [{ key, logs: [log] }])
}

/** The first series is the row's own. */
function allowanceOf(ratio: NonNullable<Row['ratio']>, series: readonly Series[]): NonNullable<Row['repeats']> {
  const own = series.slice(0, 1)
  const isOwn = own[0]!.logs.length >= repeatsToKnow
  const used = (isOwn ? own : series).filter(({ logs }) => logs.length > 1)
  const freedom = used.reduce((sum, { logs }) => sum + logs.length - 1, 0)
  if (freedom < leastFreedom) return { isOwn: true, measurements: own[0]!.logs.length, kernels: 1 }
  const spread = Math.sqrt(used.reduce((sum, { logs }) => sum + squaresAround(logs), 0) / freedom)
  const reach = Math.exp(tQuantile(freedom) * spread)
  return {
    isOwn,
    measurements: used.reduce((sum, { logs }) => sum + logs.length, 0),
    kernels: used.length,
    spread,
    low: Math.min(ratio.value / reach, ratio.low),
    high: Math.max(ratio.value * reach, ratio.high),
  }
}

function squaresAround(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

/** Of Student's distribution at 97.5 %, by its expansion about the normal one: from five degrees of freedom on to 0.2 %. */
function tQuantile(freedom: number): number {
  const x = 1.959964
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
  ]
  return terms.reduce((sum, term, power) => sum + term / freedom ** (power + 1), x)
}
