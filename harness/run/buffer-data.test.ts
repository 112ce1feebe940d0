import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScalarType } from '#contract/launch.ts'
import { createData, createSources, readData } from './buffer-data.ts'
import { encodeNpy } from './npy.ts'
import type { bufferInits } from './request.ts'

type Init = (typeof bufferInits)[number]

function create(type: ScalarType, init: Init, { count = 4, sources = createSources(1) } = {}): Uint8Array {
  const data = createData({ index: 0, type, init, count }, sources)
  if (!data.ok) throw new Error(data.error.message)
  return data.value
}

describe('createData', () => {
  it('writes each type in its own format', () => {
    expect([...new Uint16Array(create('f16', 'ones').buffer)]).toEqual([0x3c00, 0x3c00, 0x3c00, 0x3c00])
    expect([...new Uint16Array(create('bf16', 'ones').buffer)]).toEqual([0x3f80, 0x3f80, 0x3f80, 0x3f80])
    expect([...new Float32Array(create('f32', 'iota').buffer)]).toEqual([0, 1, 2, 3])
    expect([...new BigInt64Array(create('i64', 'iota').buffer)]).toEqual([0n, 1n, 2n, 3n])
    expect([...create('u8', 'iota', { count: 258 }).slice(-3)]).toEqual([255, 0, 1])
    expect([...new Float32Array(create('f32', 'nan').buffer)].every(Number.isNaN)).toBe(true)
  })

  it('draws randn with mean 0 and deviation 1, the same for the same seed and argument', () => {
    const values = new Float32Array(create('f32', 'randn', { count: 40000 }).buffer)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
    expect(create('f32', 'randn')).toEqual(create('f32', 'randn'))
    const other = createData({ index: 1, type: 'f32', init: 'randn', count: 4 }, createSources(1))
    expect(other).not.toEqual({ ok: true, value: create('f32', 'randn') })
  })

  it('goes on with legacy values from buffer to buffer', () => {
    const sources = createSources(1)
    const parts = [
      create('f32', 'legacy', { count: 3, sources }),
      create('f32', 'legacy', { count: 2, sources }),
    ].flatMap((part) => [...part])
    expect(parts).toEqual([...create('f32', 'legacy', { count: 5 })])
  })

  it.each([
    ['u32', 'pm1'],
    ['i32', 'nan'],
    ['u8', 'randn'],
    ['i64', 'legacy'],
  ] as const)('refuses %s of %s', (type, init) => {
    const refused = createData({ index: 5, type, init, count: 1 }, createSources(1))
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining('argument 5') },
    })
  })
})

describe('readData', () => {
  const folder = mkdtempSync(join(tmpdir(), 'klab-npy-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('takes the type itself and nothing else', () => {
    const file = join(folder, 'a.npy')
    writeFileSync(file, encodeNpy({ dtype: '<u2', shape: [2, 1], data: new Uint8Array([1, 0, 2, 0]) }))
    expect(readData({ index: 0, type: 'u16', file })).toMatchObject({ ok: true })
    expect(readData({ index: 0, type: 'bf16', file })).toMatchObject({ ok: true })
    expect(readData({ index: 3, type: 'f16', file })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('argument 3') },
    })
    expect(readData({ index: 3, type: 'f16', file: `${file}.gone` })).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    })
  })
})
