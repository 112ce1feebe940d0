import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { errorDistribution } from './error-distribution.ts'
import { exactShape, matchExactly } from './exact-match.ts'
import { encodeHalf } from './float-formats.ts'
import { isWithinBound, judgeOutput, notANumber } from './judge-output.ts'
import { poisonedElements } from './poison.ts'

const shape = shapeSchema.parse({ m: 1, n: 4, k: 896 })
const truth = { c: Float64Array.of(1, -2, 3.25, 0), magnitude: Float64Array.of(200, 200, 200, 200) }
const output = (...values: number[]) => Uint16Array.from(values, encodeHalf)
/** 6·√896·2⁻²⁴·200, by hand. */
const accumulation = 6 * 29.93325909419153 * 2 ** -24 * 200

describe('judgeOutput', () => {
  it('sees nothing wrong in the rounded truth', () => {
    const error = judgeOutput(shape, truth, output(1, -2, 3.25, 0))
    expect(error).toMatchObject({ maxAbs: 0, maxRel: 0, maxUlp: 0, bound: 0, unwritten: 0 })
    expect(isWithinBound(error)).toBe(true)
  })

  it('measures against the derived bound, to the digit', () => {
    const error = judgeOutput(shape, truth, output(1, -2, 3.25 + 2 ** -8, 0))
    expect(error.maxAbs).toBe(2 ** -8)
    expect(error.maxRel).toBeCloseTo(2 ** -8 / 3.25, 12)
    expect(error.maxUlp).toBe(2)
    expect(error.bound).toBeCloseTo(2 ** -8 / (accumulation + 1.001 * 2 ** -11 * 3.25 + 2 ** -24), 9)
    expect(error).toMatchObject({ worstIndex: 2, expected: 3.25, actual: 3.25 + 2 ** -8 })
  })

  it('fails just above the bound and passes just below', () => {
    const allowed = accumulation + 1.001 * 2 ** -24 * 1 + 2 ** -126
    const float = { ...shape, n: 1, dtype: 'f32' as const }
    const one = { c: Float64Array.of(1), magnitude: Float64Array.of(200) }
    expect(isWithinBound(judgeOutput(float, one, Float32Array.of(1 + allowed * 1.001)))).toBe(false)
    expect(isWithinBound(judgeOutput(float, one, Float32Array.of(1 + allowed * 0.999)))).toBe(true)
  })

  it('counts unwritten outputs and never calls them right', () => {
    const partly = output(1, -2, 3.25, 0)
    partly[3] = poisonedElements('f16', 1)[0]!
    const error = judgeOutput(shape, truth, partly)
    expect(error).toMatchObject({ unwritten: 1, bound: notANumber, maxAbs: notANumber, worstIndex: 3, actual: null })
    expect(isWithinBound(error)).toBe(false)
    expect(judgeOutput(shape, truth, poisonedElements('f16', 4)).unwritten).toBe(4)
  })

  it('tells a computed NaN from an unwritten output', () => {
    expect(judgeOutput(shape, truth, output(Number.NaN, -2, 3.25, 0))).toMatchObject({
      unwritten: 0,
      bound: notANumber,
    })
  })

  it('accepts infinity only where the truth overflows', () => {
    const big = { c: Float64Array.of(70000, 70000, -70000, 1), magnitude: new Float64Array(4).fill(1) }
    expect(judgeOutput(shape, big, output(Infinity, Infinity, -Infinity, 1)).bound).toBe(0)
    expect(judgeOutput(shape, big, output(Infinity, -Infinity, -Infinity, 1)).bound).toBe(notANumber)
    expect(judgeOutput(shape, big, output(Infinity, Infinity, -Infinity, Infinity)).bound).toBe(notANumber)
  })
})

describe('matchExactly', () => {
  it('wants the correctly rounded integer, bit for bit', () => {
    const exact = { c: Float64Array.of(896, -3, 2049, 0), magnitude: new Float64Array(4) }
    expect(matchExactly(shape, exact, output(896, -3, 2048, -0))).toEqual({ mismatches: 0, first: null })
    const match = matchExactly(shape, exact, output(896, -4, 2050, 0))
    expect(match).toEqual({ mismatches: 2, first: { index: 1, expected: -3, actual: -4 } })
    expect(matchExactly(shape, exact, output(896, -2.5, 2048, 0)).mismatches).toBe(1)
    expect(matchExactly(shape, exact, poisonedElements('f16', 4)).first?.actual).toBeNull()
  })

  it('replaces scales that would round, and gives up where no order of summation is exact', () => {
    expect(exactShape({ ...shape, alpha: 0.088, beta: -3 })).toMatchObject({ alpha: 0.0625, beta: -4 })
    expect(exactShape({ ...shape, beta: 0 })?.beta).toBe(0)
    expect(exactShape({ ...shape, k: 2 ** 24 })).toBeNull()
  })
})

describe('errorDistribution', () => {
  it('bins by ULP, rasters by cell and ranks by share of the bound', () => {
    const spread = errorDistribution(shape, truth, output(1 + 2 ** -10, -2, 3.25 + 2 ** -6, Number.NaN))
    const counts = Object.fromEntries(spread.ulpHistogram.map((bin) => [String(bin.upTo), bin.count]))
    expect(counts).toMatchObject({ '0.5': 1, '1': 1, '8': 1, null: 1 })
    expect(spread.heat).toMatchObject({ rows: 1, columns: 4, cellRows: 1, cellColumns: 1 })
    expect(spread.heat.values[1]).toBe(0)
    expect(spread.worst.map((w) => w.index)).toEqual([3, 2, 0, 1])
    expect(spread.worst[0]).toMatchObject({ row: 0, column: 3, actual: null, ulps: null })
  })

  it('covers a large output with a small raster, and keeps 20 worst', () => {
    const large = shapeSchema.parse({ m: 70, n: 300, k: 1, batch: 2, dtype: 'f32' })
    const count = 70 * 300 * 2
    const c = new Float64Array(count)
    const values = new Float32Array(count)
    values[count - 1] = 1
    const spread = errorDistribution(large, { c, magnitude: new Float64Array(count) }, values)
    expect(spread.heat).toMatchObject({ rows: 47, columns: 100, cellRows: 3, cellColumns: 3 })
    expect(spread.heat.values.filter((v) => v > 0)).toHaveLength(1)
    expect(spread.heat.values[46 * 100 + 99]).toBeGreaterThan(0)
    expect(spread.worst).toHaveLength(20)
    expect(spread.worst[0]?.index).toBe(count - 1)
    expect(spread.ulpHistogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(count)
  })
})
