import { describe, expect, it } from 'vitest'
import { RandomStream } from '#harness/verify/random-stream.ts'
import { bitDifference, judge } from './check.ts'
import type { Problem } from './problem.ts'

const size = 24

function random(): Float32Array {
  const stream = new RandomStream(7)
  return Float32Array.from({ length: size * size }, () => stream.nextSigned())
}

function square(): { problem: Problem; c: Float32Array } {
  const a = random()
  const b = random().reverse()
  const truth = { c: new Float64Array(size * size), magnitude: new Float64Array(size * size) }
  for (let i = 0; i < size * size; i++) {
    for (let k = 0; k < size; k++) {
      const product = a[Math.floor(i / size) * size + k]! * b[k * size + (i % size)]!
      truth.c[i]! += product
      truth.magnitude[i]! += Math.abs(product)
    }
  }
  const shape = { m: size, n: size, k: size, batch: 1, tA: false, tB: false, bias: false, alpha: 1, beta: 0 }
  return {
    problem: { shape: { ...shape, accumulate: false, act: 'none', dtype: 'f32' }, a, b, truth },
    c: Float32Array.from(truth.c),
  }
}

describe('judge', () => {
  it('takes the rounded truth', () => {
    const { problem, c } = square()
    expect(judge(problem, c).wrong).toBeNull()
  })

  it('refuses the transposed result, whose sum of magnitudes is the same', () => {
    const { problem, c } = square()
    const transposed = c.map((_, i) => c[(i % size) * size + Math.floor(i / size)]!)
    expect(judge(problem, transposed).wrong).toMatch(/^C\[\d+, \d+\] is .* its bound$/)
  })

  it('refuses an output that was never written', () => {
    const { problem, c } = square()
    new Uint32Array(c.buffer)[5] = 0x7fe5a5a5
    expect(judge(problem, c).wrong).toBe(`1 of ${size * size} outputs were never written`)
  })
})

describe('bitDifference', () => {
  it('sees another order of the same sums, and counts in steps of the type', () => {
    const terms = random()
    const forwards = terms.reduce((sum, term) => Math.fround(sum + term), 0)
    const backwards = terms.reduceRight((sum, term) => Math.fround(sum + term), 0)
    expect(forwards).not.toBe(backwards)
    const found = bitDifference('f32', Float32Array.of(1, forwards), Float32Array.of(1, backwards))
    expect(found.count).toBe(1)
    expect(found.maxUlp).toBeGreaterThan(0)
  })

  it('counts across zero', () => {
    const tiny = 2 ** -149
    const difference = bitDifference('f32', Float32Array.of(tiny, -0), Float32Array.of(-tiny, 0))
    expect(difference).toEqual({ count: 2, maxUlp: 2 })
    expect(bitDifference('f16', Uint16Array.of(0x3c00), Uint16Array.of(0x3c03))).toEqual({ count: 1, maxUlp: 3 })
  })
})
