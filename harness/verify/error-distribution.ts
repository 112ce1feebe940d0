import type { PrecisionSide } from '#contract/precision.ts'
import type { Shape } from '#contract/shape.ts'
import type { Elements } from './float-formats.ts'
import { type ElementError, finiteOrNull, OutputJudge, type Truth } from './judge-output.ts'

const maxHeatRows = 64
const maxHeatColumns = 128
const worstCount = 20
/** Upper ends of the ULP bins: ½, 1, 2 … 1024, and one without an end. */
const binEnds = [0.5, ...Array.from({ length: 11 }, (_, i) => 2 ** i), null]

type Distribution = Pick<PrecisionSide, 'ulpHistogram' | 'heat' | 'worst'>

/**
 * How an output's errors spread: counts by ULP distance, the largest share of the bound in each cell of a raster of at
 * most 64 × 128 over [batch·m, n], and the 20 worst outputs by that share. Of equal ones the earlier comes first.
 */
export function errorDistribution(shape: Shape, truth: Truth, output: Elements): Distribution {
  const judge = new OutputJudge(shape, truth, output)
  const rows = shape.batch * shape.m
  const cellRows = Math.ceil(rows / maxHeatRows)
  const cellColumns = Math.ceil(shape.n / maxHeatColumns)
  const heatRows = Math.ceil(rows / cellRows)
  const heatColumns = Math.ceil(shape.n / cellColumns)
  const values = new Array<number>(heatRows * heatColumns).fill(0)
  const counts = new Array<number>(binEnds.length).fill(0)
  const worst: { index: number; error: ElementError }[] = []
  for (let index = 0; index < truth.c.length; index++) {
    const error = judge.at(index)
    counts[binOf(error.ulps)]!++
    const row = Math.floor(index / shape.n)
    const cell = Math.floor(row / cellRows) * heatColumns + Math.floor((index % shape.n) / cellColumns)
    if (error.margin > values[cell]!) values[cell] = error.margin
    keepWorst(worst, { index, error })
  }
  return {
    ulpHistogram: binEnds.map((upTo, i) => ({ upTo, count: counts[i]! })),
    heat: { rows: heatRows, columns: heatColumns, values, cellRows, cellColumns },
    worst: worst.map(({ index, error }) => ({
      index,
      row: Math.floor(index / shape.n),
      column: index % shape.n,
      expected: truth.c[index]!,
      actual: finiteOrNull(judge.values[index]!),
      absError: error.absolute,
      ulps: Number.isFinite(judge.values[index]!) ? error.ulps : null,
    })),
  }
}

function binOf(ulps: number): number {
  const found = binEnds.findIndex((end) => end !== null && ulps <= end)
  return found < 0 ? binEnds.length - 1 : found
}

function keepWorst(
  worst: { index: number; error: ElementError }[],
  candidate: { index: number; error: ElementError },
): void {
  const last = worst[worst.length - 1]
  if (worst.length === worstCount && last && candidate.error.margin <= last.error.margin) return
  const at = worst.findIndex((kept) => candidate.error.margin > kept.error.margin)
  worst.splice(at < 0 ? worst.length : at, 0, candidate)
  if (worst.length > worstCount) worst.pop()
}
