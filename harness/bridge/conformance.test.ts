import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BufferHandle } from './buffer-handle.ts'
import { must, scaleSource, testDevice, testLibrary, whyNoDevice } from './device-fixture.ts'
import type { DeviceHandle } from './device-handle.ts'
import { referenceGemm } from './gemm.ts'
import type { OpHandle } from './op-handle.ts'
import type { Dispatch } from './run.ts'

const library = testLibrary()
const elements = 64

describe.each(['null', 'cpu'])('the %s device through the FFI', (id) => {
  const canRun = whyNoDevice(library, id) === null
  let device: DeviceHandle
  let op: OpHandle
  let out: BufferHandle
  let input: BufferHandle

  const scale = (factor: number): Dispatch => ({
    op,
    args: [
      { index: 0, buffer: out },
      { index: 1, buffer: input },
      { index: 2, bytes: new Uint8Array(new Float32Array([factor]).buffer) },
    ],
    grid: [elements, 1, 1],
    gridIsThreads: true,
    threads: [32, 1, 1],
  })

  beforeAll(async () => {
    if (!canRun) return
    device = testDevice(library, id)
    const module = must(await device.createModule({ source: scaleSource, path: '/lab/scale.metal' }))
    op = must(await module.createOp({ entry: 'scale' }))
    module.destroy()
    out = must(device.createBuffer({ bytes: elements * 4, guarded: true }))
    input = must(device.createBuffer({ bytes: elements * 4 }))
    must(input.write(Float32Array.from({ length: elements }, (_, i) => i)))
  })

  afterAll(() => {
    if (!canRun) return
    for (const handle of [op, out, input]) handle.destroy()
    device.close()
  })

  it.runIf(canRun)('reflects entries and bindings', async () => {
    const module = must(await device.createModule({ source: scaleSource, path: '/lab/scale.metal' }))
    const [entry] = module.report.entries
    expect(module.report.ok).toBe(true)
    expect(entry).toMatchObject({ name: 'scale', line: 3, file: '/lab/scale.metal' })
    expect(entry?.bindings.map(({ index, kind, type, access, name }) => ({ index, kind, type, access, name }))).toEqual(
      [
        { index: 0, kind: 'buffer', type: 'float', access: 'read_write', name: 'out' },
        { index: 1, kind: 'buffer', type: 'float', access: 'read', name: 'in' },
        { index: 2, kind: 'constant', type: 'float', access: 'read', name: 'factor' },
      ],
    )
    const missing = await module.createOp({ entry: 'skale' })
    expect(missing).toMatchObject({
      ok: false,
      error: { kind: 'not-found', message: expect.stringContaining('scale') },
    })
    module.destroy()
  })

  it.runIf(canRun)('takes samples A B A B, each with its iterations', async () => {
    const arms = [2, 3].map((factor, i) => ({ sets: [[scale(factor)]], iterations: i + 1 }))
    const samples = must(await device.run({ arms, mode: 'single', rounds: 3 }))
    expect(samples.map(({ arm }) => arm)).toEqual([0, 1, 0, 1, 0, 1])
    expect(samples.map(({ iterations }) => iterations)).toEqual([1, 2, 1, 2, 1, 2])
    expect(samples.map(({ isFirst }) => isFirst)).toEqual([true, true, false, false, false, false])
    expect(samples.every(({ deviceNs, isInvalid }) => deviceNs > 0 && !isInvalid)).toBe(true)
    expect(out.check()).toEqual({ hasGuards: true, bytesDamaged: 0, firstOffset: expect.any(Number) })
  })

  it.runIf(canRun && id !== 'null')('computes what the kernel says', async () => {
    must(out.fill(0xffffffff, 4))
    must(await device.run({ arms: [{ sets: [[scale(1.5)]], iterations: 1 }], mode: 'single', rounds: 1 }))
    const read = new Float32Array(elements)
    must(out.read(read))
    expect([...read]).toEqual(Array.from({ length: elements }, (_, i) => i * 1.5))
  })

  it.runIf(canRun)('refuses an argument that does not fit and names it', async () => {
    const runWith = (change: Partial<Dispatch>) =>
      device.run({ arms: [{ sets: [[{ ...scale(1), ...change }]], iterations: 1 }], mode: 'single', rounds: 1 })
    const without = (index: number) => scale(1).args.filter((arg) => arg.index !== index)
    const refused = (message: string) => ({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining(message) },
    })
    expect(await runWith({ args: without(1) })).toMatchObject(refused('in'))
    expect(await runWith({ args: [...scale(1).args, { index: 9, buffer: input }] })).toMatchObject(refused('9'))
    expect(await runWith({ args: [...without(2), { index: 2, bytes: new Uint8Array(3) }] })).toMatchObject(
      refused('factor'),
    )
    expect(await runWith({ args: [...without(0), { index: 0, threadgroupBytes: 64 }] })).toMatchObject(refused('out'))
    expect(await runWith({ threads: [2048, 1, 1] })).toMatchObject(refused('2048'))
    expect(device.isLost).toBe(false)
  })

  it.runIf(canRun)('moves bytes in and out of buffers and refuses what lies outside', () => {
    const written = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
    must(out.fill(0xab, 1))
    must(out.write(written, 8))
    const read = new Uint8Array(32)
    must(out.read(read))
    expect([...read]).toEqual([...Array(8).fill(0xab), ...written, ...Array(8).fill(0xab)])
    expect(out.read(new Uint8Array(8), elements * 4 - 4)).toMatchObject({ ok: false, error: { kind: 'invalid' } })
    expect(device.createBuffer({ bytes: 2 ** 50 })).toMatchObject({
      ok: false,
      error: { kind: 'unsupported', message: expect.stringMatching(/TiB|PiB|TB|PB|bytes/) },
    })
  })

  it.runIf(canRun)('refuses options and devices that do not exist', () => {
    expect(device.setOption('speed', 'ludicrous')).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining('speed') },
    })
  })

  it.runIf(canRun)('passes its own checks', async () => {
    expect(must(await device.selftest())).toMatchObject({ device: id, passed: true })
  })
})

describe('referenceGemm', () => {
  const shape = {
    m: 2,
    n: 2,
    k: 2,
    batch: 1,
    tA: false,
    tB: true,
    bias: true,
    alpha: 2,
    beta: 0,
    accumulate: false,
    act: 'none',
    dtype: 'f32',
  } as const
  const a = new Float32Array([1, 2, 3, 4])
  const b = new Float32Array([1, -1, 2, 0.5])
  const bias = new Float32Array([10, 20])

  it('is alpha·(A·Bᵀ + bias), with the magnitude of its terms', async () => {
    const { c, magnitude } = must(await referenceGemm(library, { shape, a, b, bias }))
    expect([...c]).toEqual([2 * (1 - 2 + 10), 2 * (2 + 1 + 20), 2 * (3 - 4 + 10), 2 * (6 + 2 + 20)])
    expect([...magnitude]).toEqual([2 * (1 + 2 + 10), 2 * (2 + 1 + 20), 2 * (3 + 4 + 10), 2 * (6 + 2 + 20)])
  })

  describe('of a large shape', () => {
    const large = { ...shape, m: 65, n: 1024, k: 4096, batch: 2, bias: false, alpha: 1, beta: 1 }
    const rows = large.batch * large.m
    const operands = {
      shape: large,
      // Row r of all products holds r, B holds the number of its product plus 1, C0 the row too.
      a: new Float32Array(rows * large.k).map((_, i) => Math.floor(i / large.k)),
      b: new Float32Array(large.batch * large.n * large.k).map((_, i) => 1 + Math.floor(i / (large.n * large.k))),
      c0: new Float32Array(rows * large.n).map((_, i) => Math.floor(i / large.n)),
    }

    it('puts its parts together', async () => {
      const { c, magnitude } = must(await referenceGemm(library, operands))
      const expected = new Float64Array(rows * large.n).map((_, i) => {
        const row = Math.floor(i / large.n)
        return row * large.k * (1 + Math.floor(row / large.m)) + row
      })
      expect(c.findIndex((value, i) => value !== expected[i])).toBe(-1)
      expect(magnitude.findIndex((value, i) => value !== expected[i])).toBe(-1)
    })

    it('can be cancelled', async () => {
      const controller = new AbortController()
      const computing = referenceGemm(library, operands, controller.signal)
      controller.abort()
      expect(await computing).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    })
  })

  it('refuses an operand of the wrong size and names it', async () => {
    const refused = await referenceGemm(library, { shape, a, b: b.subarray(1), bias })
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: 'operand B has 12 bytes, the shape needs 16' },
    })
  })
})
