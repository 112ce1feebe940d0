import { median } from '../statistics.ts'
import { type Case, nameOf } from './cases.ts'
import { tiers } from './contest.ts'
import type { Times } from './measure.ts'

/** Floating-point operations, or bytes of the matrix, of one dispatch. */
const workOf = ({ family, m, n, k, dtype }: Case): number =>
  family === 'sgemm' ? 2 * m * n * k : n * k * (dtype === 'f32' ? 4 : 2)

/** GFLOP/s of a product, GB/s of the matrix for a vector times a matrix. OpenBLAS always reads floats. */
export function speedOf({ one, ns }: Times, side: string): number {
  const work = side === 'OpenBLAS' ? workOf({ ...one, dtype: 'f32' }) : workOf(one)
  return work / (ns[side] ?? Number.NaN)
}

/** How many times as fast as `other` a side is: the median of the rounds' ratios. */
export function ratioOf({ rounds }: Times, side: string, other: string): number {
  const others = rounds[other] ?? []
  return median((rounds[side] ?? []).map((ns, i) => (others[i] ?? Number.NaN) / ns))
}

const text = (value: number, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–')

function linesOf(times: Times): string[] {
  const { one, threads, chosen, isSame } = times
  const unit = one.family === 'sgemm' ? 'GFLOP/s' : 'GB/s'
  const blas = speedOf(times, 'OpenBLAS')
  return [...tiers, 'PoCL', 'OpenBLAS']
    .filter((side) => times.ns[side] !== undefined)
    .map((side) => {
      const speed = speedOf(times, side)
      const isTier = side !== 'PoCL' && side !== 'OpenBLAS'
      const label = side === 'auto' ? `auto → ${chosen}` : side
      const bits = isTier && side !== 'fiber' ? (isSame[side] ? 'same' : 'differ') : ''
      const cells = [nameOf(one), label, threads, text(speed), unit, text(ratioOf(times, side, 'fiber'))]
      return `| ${[...cells, text(ratioOf(times, side, 'PoCL')), text((100 * speed) / blas, 0), bits].join(' | ')} |`
    })
}

/** The whole table as Markdown. */
export function table(all: readonly Times[]): string {
  const head = ['kernel', 'tier', 'threads', 'speed', 'unit', '÷ fiber', '÷ PoCL', '% of OpenBLAS', 'bits of fiber']
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map((_, i) => (i < 2 || i === 4 || i === 8 ? '---' : '---:')).join('|')}|`,
    ...all.flatMap(linesOf),
  ].join('\n')
}

/** Why a tier was not there, or not chosen: one line each, equal ones once. */
export function notes(all: readonly Times[]): string[] {
  const lines = all.flatMap(({ one, chosen, reason, refusals, threads }) => [
    ...refusals.filter(({ tier }) => tier === 'vector').map(({ reason: why }) => `${one.name}: ${why}`),
    ...(reason === '' ? [] : [`${nameOf(one)}, ${threads} threads: auto took ${chosen}: ${reason}`]),
  ])
  return [...new Set(lines)]
}
