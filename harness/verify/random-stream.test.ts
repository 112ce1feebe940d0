import { describe, expect, it } from 'vitest'
import { RandomStream } from './random-stream.ts'

const take = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.next())

describe('RandomStream', () => {
  it('repeats for the same seed and stream, and differs for another', () => {
    expect(take(new RandomStream(7, 1), 8)).toEqual(take(new RandomStream(7, 1), 8))
    expect(take(new RandomStream(7, 1), 8)).not.toEqual(take(new RandomStream(8, 1), 8))
    expect(take(new RandomStream(7, 1), 8)).not.toEqual(take(new RandomStream(7, 2), 8))
    expect(take(new RandomStream(7 + 2 ** 32), 8)).not.toEqual(take(new RandomStream(7), 8))
  })

  it('is uniform: every sixteenth of [-1, 1) and every bit is hit as often as chance allows', () => {
    const stream = new RandomStream(1)
    const bins = new Array<number>(16).fill(0)
    const ones = new Array<number>(32).fill(0)
    const count = 64000
    for (let i = 0; i < count; i++) {
      const bits = stream.next()
      bins[((bits * 2 ** -31 + 1) * 8) | 0]!++
      for (let b = 0; b < 32; b++) ones[b]! += (bits >>> b) & 1
    }
    const chiSquare = bins.reduce((sum, n) => sum + (n - count / 16) ** 2 / (count / 16), 0)
    expect(chiSquare).toBeLessThan(37.7) // 99.9 % of 15 degrees of freedom
    for (const n of ones) expect(Math.abs(n - count / 2)).toBeLessThan(4.5 * Math.sqrt(count / 4))
  })

  it('has unrelated streams and neighbours', () => {
    const [a, b] = [new RandomStream(3, 1), new RandomStream(3, 2)]
    let between = 0
    let within = 0
    let before = 0
    for (let i = 0; i < 20000; i++) {
      const x = a.nextSigned()
      between += x * b.nextSigned()
      within += x * before
      before = x
    }
    expect(Math.abs(between)).toBeLessThan((4.5 * Math.sqrt(20000)) / 3)
    expect(Math.abs(within)).toBeLessThan((4.5 * Math.sqrt(20000)) / 3)
  })

  it('draws integers below a limit', () => {
    const stream = new RandomStream(5)
    const seen = new Set(Array.from({ length: 500 }, () => stream.nextBelow(7)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})
