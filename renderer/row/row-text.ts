import type { ArmTimes, Roof, Row } from '#contract/row.ts'
import { formatInterval, type IntervalText, significant } from '../format/digits.ts'
import { formatBytes, formatTime } from '../format/quantity.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain'

export const statusText: Record<Row['status'], { text: string; tone: Tone }> = {
  ok: { text: 'ok', tone: 'good' },
  wrong: { text: 'wrong', tone: 'bad' },
  timeout: { text: 'timeout', tone: 'bad' },
  'device-lost': { text: 'device lost', tone: 'bad' },
  unsupported: { text: 'unsupported', tone: 'warn' },
  invalid: { text: 'invalid', tone: 'warn' },
  cancelled: { text: 'cancelled', tone: 'plain' },
  failed: { text: 'failed', tone: 'bad' },
}

export const verdictTone: Record<NonNullable<Row['verdict']>, Tone> = {
  FAST: 'good',
  SLOW: 'bad',
  SAME: 'plain',
  AMBIGUOUS: 'warn',
}

export const claimText: Record<Row['claim'], { text: string; tone: Tone; hint: string }> = {
  proven: { text: 'proven', tone: 'good', hint: 'Every flag that this shape needs is proven' },
  claimed: { text: 'claimed', tone: 'warn', hint: 'A flag that this shape needs is claimed without live evidence' },
  none: { text: 'no claim', tone: 'plain', hint: 'A bare entry, or a shape that needs no flag' },
}

export const stopText: Record<NonNullable<Row['stop']>, string> = {
  converged: 'the interval of the median is within 1 %',
  'sample-cap': 'the most samples were taken before the interval was within 1 %',
  'time-cap': 'the time was up before the interval was within 1 %',
}

type PartialArm = Partial<ArmTimes>

/** Median of an arm with the clock it was read from; null when it has no time. */
export function armTime(arm: PartialArm | undefined): { ns: number; text: string; domain: 'GPU' | 'CPU' } | null {
  const ns = arm?.gpuNs ?? arm?.cpuNs
  if (!arm || ns === undefined) return null
  const hasInterval = arm.lowNs !== undefined && arm.highNs !== undefined
  const halfWidth = hasInterval ? ((arm.highNs ?? 0) - (arm.lowNs ?? 0)) / 2 : undefined
  return { ns, text: formatTime(ns, halfWidth), domain: arm.gpuNs === undefined ? 'CPU' : 'GPU' }
}

/** The ratio and its interval, to the digits that the interval justifies; null without one. */
export function ratioText(row: Row): IntervalText | null {
  return row.ratio ? formatInterval(row.ratio) : null
}

/** What limits every kernel on this shape, and by which measured peak. */
export function roofText({
  leastNs,
  boundBy,
  bytes,
  flops,
  level,
  bytesPerSecond,
  flopsPerSecond,
  margin,
}: Roof): string {
  const from = level === 'memory' ? 'memory' : `the ${level} cache`
  const why =
    boundBy === 'memory'
      ? `${formatBytes(bytes)} from ${from} at ${significant(bytesPerSecond / 1e9)} GB/s`
      : `${significant(flops / 1e6)} MFLOP at ${significant(flopsPerSecond / 1e9)} GFLOP/s`
  return `at least ${formatTime(leastNs)}: ${why}, peaks measured on this device; ${significant(margin)} times faster would be impossible`
}
