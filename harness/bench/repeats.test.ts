import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Row, repeatsText } from '#contract/row.ts'
import { RandomStream } from '../verify/random-stream.ts'
import { noteRepeat, repeatsToKnow } from './repeats.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-repeats-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const rowOf = (value: number, more: { variant?: string; gitCommit?: string; sourceHash?: string } = {}) => {
  const { variant = 'a/x', gitCommit = 'one', sourceHash = 'h' } = more
  const identity = { gitCommit, sourceHash, power: 'unknown', device: 'the processor' }
  const ratio = { value, low: value * 0.999, high: value * 1.001 }
  return { variant, device: 'cpu', shape: { m: 1 }, identity, ratio } as unknown as Row
}

const note = (row: Row, isBrief = false) => noteRepeat(folder, row, isBrief)!

describe('noteRepeat', () => {
  it('does not know how far repeats lie apart before there are some', () => {
    for (let count = 1; count < repeatsToKnow; count++)
      expect(note(rowOf(0.7))).toEqual({ isOwn: true, measurements: count, kernels: 1 })
    const known = note(rowOf(0.7, { gitCommit: 'two' }))
    expect(known).toMatchObject({ isOwn: true, measurements: repeatsToKnow })
    expect([known.low, known.high]).toEqual([0.7 * 0.999, 0.7 * 1.001])
    expect(noteRepeat(folder, { ...rowOf(0.7), ratio: undefined } as Row, false)).toBeNull()
  })

  it('takes what is known of others for a kernel that was measured too seldom', () => {
    for (const value of [0.7, 0.72, 0.68, 0.71]) note(rowOf(value))
    for (const value of [2, 2.1, 1.9]) note(rowOf(value, { variant: 'b/y' }))
    const other = note(rowOf(1.5, { sourceHash: 'edited' }))
    expect(other).toMatchObject({ isOwn: false, measurements: 7, kernels: 2 })
    expect(other.spread).toBeGreaterThan(0.02)
    expect(other.spread).toBeLessThan(0.05)
    expect(other.high! / 1.5).toBeCloseTo(1.5 / other.low!, 12)
    expect(repeatsText({ repeats: other })).toMatch(/by 7 measurements of 2 kernels and shapes on this device/)
    // A sweep's short measurements read, and are not counted.
    expect(note(rowOf(1.6, { sourceHash: 'edited' }), true)).toMatchObject({ isOwn: false, kernels: 3 })
    expect(note(rowOf(1.5, { sourceHash: 'edited' }))).toMatchObject({ kernels: 3, measurements: 9 })
  })

  it('contains the middle of all repeats in 95 of 100', () => {
    const stream = new RandomStream(3)
    const normal = () => Array.from({ length: 12 }, () => stream.nextSigned() / 2).reduce((a, b) => a + b, 0)
    let hits = 0
    for (let kernel = 0; kernel < 400; kernel++) {
      const variant = `k/${kernel}`
      for (let i = 1; i < repeatsToKnow; i++) note(rowOf(Math.exp(0.04 * normal()), { variant }))
      const { low, high } = note(rowOf(Math.exp(0.04 * normal()), { variant }))
      if (low! < 1 && 1 < high!) hits++
    }
    expect(hits).toBeGreaterThan(368)
    expect(hits).toBeLessThan(396)
  })

  it('forgets the oldest, and does not mind a damaged file', () => {
    writeFileSync(join(folder, 'repeats.json'), '{"cpu": 7')
    for (let kernel = 0; kernel < 70; kernel++) note(rowOf(1, { variant: `k/${kernel}` }))
    for (let i = 0; i < 20; i++) note(rowOf(1, { variant: 'k/69' }))
    const kept = JSON.parse(readFileSync(join(folder, 'repeats.json'), 'utf8')) as { cpu: { logs: number[] }[] }
    expect([kept.cpu.length, kept.cpu[0]!.logs.length]).toEqual([64, 12])
  })
})
