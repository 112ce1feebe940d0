import type { ErrorSummary } from '#contract/row.ts'
import type { Dtype, Shape } from '#contract/shape.ts'
import { allowedError, type ErrorBound, errorBound } from './error-bound.ts'
import { decodeElements, type Elements, type FloatFormat, floatFormats, roundTo, ulpAt } from './float-formats.ts'
import { unwrittenTest } from './poison.ts'

/** Stands for the error of an output that is not a number: larger than any error, and still a JSON number. */
export const notANumber = Number.MAX_VALUE

/** Float64 truth of every output, and the magnitude that scales its error bound. */
export interface Truth {
  c: Float64Array
  magnitude: Float64Array
}

/** Everything known about one output. */
export interface ElementError {
  absolute: number
  relative: number
  ulps: number
  /** |error| ÷ derived bound. */
  margin: number
}

/** Judges single outputs of a shape against the derived bound. */
export class OutputJudge {
  readonly values: Float32Array
  readonly #dtype: Dtype
  readonly #truth: Truth
  readonly #bound: ErrorBound
  readonly #format: FloatFormat

  constructor(shape: Shape, truth: Truth, output: Elements) {
    this.values = decodeElements(shape.dtype, output)
    this.#dtype = shape.dtype
    this.#truth = truth
    this.#bound = errorBound(shape)
    this.#format = floatFormats[shape.dtype]
  }

  /** Error of output `i`. An infinity is right where the truth, give or take its bound, overflows the type. */
  at(i: number): ElementError {
    const truth = this.#truth.c[i]!
    const value = this.values[i]!
    const allowed = allowedError(this.#bound, truth, this.#truth.magnitude[i]!)
    if (!Number.isFinite(value)) {
      const isOverflow = !Number.isNaN(value) && roundTo(this.#dtype, truth + Math.sign(value) * allowed) === value
      const error = isOverflow ? 0 : notANumber
      return { absolute: error, relative: error, ulps: error, margin: error }
    }
    const absolute = Math.abs(value - truth)
    return {
      absolute,
      relative: absolute / Math.max(Math.abs(truth), 2 ** this.#format.minExponent),
      ulps: absolute / ulpAt(this.#format, truth),
      margin: absolute / allowed,
    }
  }
}

/**
 * Gate 1 over a whole output: the largest errors, where the worst one (by share of its bound) is, and how many outputs
 * were never written. Passes when `bound` ≤ 1 and `unwritten` is 0.
 */
export function judgeOutput(shape: Shape, truth: Truth, output: Elements): ErrorSummary {
  const judge = new OutputJudge(shape, truth, output)
  const isUnwritten = unwrittenTest(shape.dtype, output)
  const summary = { maxAbs: 0, maxRel: 0, maxUlp: 0, bound: 0, unwritten: 0 }
  let worst = 0
  for (let i = 0; i < truth.c.length; i++) {
    // An output that is the truth adds to no maximum: on ±1 data nearly all are.
    if (judge.values[i] === truth.c[i]) continue
    const error = judge.at(i)
    if (isUnwritten(i)) summary.unwritten++
    summary.maxAbs = Math.max(summary.maxAbs, error.absolute)
    summary.maxRel = Math.max(summary.maxRel, error.relative)
    summary.maxUlp = Math.max(summary.maxUlp, error.ulps)
    if (error.margin <= summary.bound) continue
    summary.bound = error.margin
    worst = i
  }
  return {
    ...summary,
    worstIndex: worst,
    expected: finiteOrNull(truth.c[worst]!),
    actual: finiteOrNull(judge.values[worst]!),
  }
}

/** Whether an output passes the derived bound with every element written. */
export function isWithinBound(error: ErrorSummary): boolean {
  return error.bound <= 1 && error.unwritten === 0
}

/** JSON has no NaN and no infinities: they are null. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
