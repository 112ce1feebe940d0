import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Row, rowSchema } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { describeRow } from '../cli/row-text.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import type { BenchRequest } from '../verify/types.ts'
import { runBench } from './run-bench.ts'
import { quantile, sorted } from './statistics.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
let fixture: RunFixture
afterEach(() => fixture.end())

/** A bench whose row fits the contract and survives JSON unchanged, as every row must. */
async function bench(target: string, shape: object, more: Partial<BenchRequest> = {}): Promise<Row> {
  const request: BenchRequest = {
    target,
    shape: shapeSchema.parse({ m: 1, n: 96, k: 128, tB: true, ...shape }),
    mode: 'single',
    isCold: false,
    data: 'random',
    seed: 1,
    ...more,
  }
  const row = await runBench(fixture.context, request, fixture.hooks)
  expect(rowSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row)
  return row
}

describe('runBench on the null device', () => {
  const begin = (options?: Record<string, string>) => {
    fixture = beginFixture('null', options)
  }

  it('gives a kernel that writes nothing no time', async () => {
    begin()
    const row = await bench('m1/plain', {})
    expect(row).toMatchObject({ status: 'wrong', variant: 'm1/plain', error: { unwritten: 96 } })
    expect(row.reason).toMatch(/96 of 96 outputs were never written/)
    expect(row.kernel).toBeUndefined()
    expect(row.ratio).toBeUndefined()
  })

  it('says when B was handed over in another layout than the shape has', async () => {
    begin()
    expect((await bench('m1/plain', { tB: true })).layout).toBeUndefined()
    const row = await bench('m1/plain', { tB: false })
    expect(row.layout).toEqual({ b: 'n×k' })
    expect(describeRow(row)).toContain("B handed over as N×K, which the shape's own layout is not")
  })

  it('hands over a skeleton before anything runs, and a fuller one before the kernel does', async () => {
    begin()
    const skeletons: Row[] = []
    fixture.hooks.skeleton = (row) => skeletons.push(structuredClone(row))
    await bench('m1/plain', {})
    expect(skeletons.map(({ status }) => status)).toEqual(['device-lost', 'device-lost'])
    expect(skeletons[1]?.identity.sourceHash).toMatch(/^[0-9a-f]{64}$/)
    expect(skeletons[1]?.identity.compiler).toBe('null')
  })

  it.each([
    [{ run: 'lost' }, 'device-lost', /lost/],
    [{ run: 'fail' }, 'failed', /told to fail this run/],
    [{ compile: 'fail' }, 'failed', /told to fail this compile/],
  ] as const)('makes a row of %o', async (options, status, reason) => {
    begin(options)
    const row = await bench('m1/plain', {})
    expect(row.status).toBe(status)
    expect(row.reason).toMatch(reason)
  })

  it('points at the line that does not compile', async () => {
    begin({ compile: 'fail' })
    expect((await bench('m1/plain', {})).location?.file).toMatch(/m1_dot_product\.metal$/)
  })

  it('makes a row of a kernel that does not exist', async () => {
    begin()
    expect(await bench('m1/nothing', {})).toMatchObject({ status: 'failed', variant: 'm1/nothing' })
  })

  it('names the file of an entry that it cannot drive', async () => {
    begin()
    const path = join(fixture.root, 'kernels', 'bare.metal')
    writeFileSync(path, 'kernel void bare() {}')
    const { workspace } = fixture.context
    const target = { kind: 'entry', documentId: workspace.idOf(path), entry: 'bare' } as const
    expect(await bench('', {}, { target })).toMatchObject({
      status: 'unsupported',
      variant: 'kernels/bare.metal:bare',
    })
  })

  it('refuses what does not fit into memory, with the sizes', async () => {
    begin()
    const row = await bench('m1/plain', { n: 2 ** 26, k: 2 ** 10 })
    expect(row.status).toBe('unsupported')
    expect(row.reason).toMatch(/needs 128\.00 GiB in one buffer; there are 4\.00 GiB/)
  })

  it('ends as cancelled when it is told to stop', async () => {
    begin({ run: 'hang' })
    fixture.hooks.onProgress = (phase) => {
      if (phase === 'verify') setTimeout(() => fixture.hooks.cancel(), 50)
    }
    expect(await bench('m1/plain', {})).toMatchObject({ status: 'cancelled' })
  })
})

describe.skipIf(whyNoCpu)('runBench on the cpu device', () => {
  const begin = () => {
    fixture = beginFixture('cpu')
  }

  it('gives no time to a kernel that only writes what was not written yet', async () => {
    begin()
    const path = join(fixture.root, 'kernels', 'm1_dot_product.metal')
    const source = readFileSync(path, 'utf8')
    const store = 'C[n + lane] = half(value);'
    expect(source).toContain(store)
    writeFileSync(path, source.replace(store, `if (isnan(C[n + lane])) ${store}`))
    const row = await bench('m1/plain', {})
    expect(row).toMatchObject({
      status: 'wrong',
      reason: expect.stringMatching(/after being measured: output \d+ is 1024/),
    })
    expect(row.kernel).toBeUndefined()
  })

  it('measures kernel, baseline and gauge in CPU time, after verifying both', async () => {
    begin()
    const row = await bench('m1/plain', {})
    expect(row.status).toBe('ok')
    expect(row.kernel?.cpuNs).toBeGreaterThan(0)
    expect(row.kernel).not.toHaveProperty('gpuNs')
    expect(row.baseline).not.toHaveProperty('gpuNs')
    expect(row.kernel?.samples.length).toBeGreaterThanOrEqual(10)
    expect(row.gauge?.falseVerdictRate).toBeGreaterThanOrEqual(0)
    expect(row.error?.bound).toBeLessThanOrEqual(1)
    expect(row.identity).toMatchObject({ dtype: 'f16', cache: 'warm', mode: 'single', data: 'random', seed: 1 })
    expect(row.identity.tier).not.toBe('')
    expect(fixture.hooks.phases).toEqual([
      'compile',
      'verify',
      'warm-up',
      'measure',
      'overhead',
      'verify again',
      'roof',
    ])
    if (row.baseline.missing) {
      expect(row.ratio).toBeUndefined()
      return
    }
    expect(row.baseline.error?.bound).toBeLessThanOrEqual(1)
    const inRounds = row.kernel?.samples.map((ns, round) => ns / (row.baseline.samples?.[round] ?? Number.NaN)) ?? []
    expect(row.ratio?.value).toBeGreaterThan(quantile(sorted(inRounds), 0.2))
    expect(row.ratio?.value).toBeLessThan(quantile(sorted(inRounds), 0.8))
    expect(row.roundsPerLot).toBeGreaterThanOrEqual(1)
    expect(row.baseline.samples).toHaveLength(row.kernel?.samples.length ?? 0)
  })

  it.each(['m1_wrong_last_k', 'm1_wrong_last_n', 'm1_wrong_no_write', 'm1_wrong_half_sum', 'm1_wrong_one_past'])(
    'never times %s',
    async (entry) => {
      begin()
      // An odd n leaves room between the last output and the end of its page: one past it is damage, not a crash.
      const row = await bench(`kernels/testing/m1_wrong.metal:${entry}`, { n: 895, k: 896 })
      expect(row).toMatchObject({ status: 'wrong' })
      expect(row.kernel).toBeUndefined()
    },
  )

  it('says what is wrong: index, actual, expected', async () => {
    begin()
    const row = await bench('kernels/testing/m1_wrong.metal:m1_wrong_last_k', { n: 895, k: 896 })
    expect(row.reason).toMatch(/^output \d+ is -?[\d.]+, expected -?[\d.]+: [\d.e+]+ times the allowed error$/)
    const outside = await bench('kernels/testing/m1_wrong.metal:m1_wrong_one_past', { n: 895, k: 896 })
    expect(outside.reason).toMatch(/2 bytes outside C were written, the first at byte 1790/)
  })

  it('says when the manifest does not claim the shape, and nothing when a flag is only claimed', async () => {
    begin()
    const off = await bench('m1/plain', {})
    expect(off).toMatchObject({ status: 'ok', claim: 'none' })
    expect(off.reason).toMatch(/the manifest does not claim this shape: transposeB not supported/)
    const text = readFileSync(fixture.manifestPath, 'utf8')
    writeFileSync(fixture.manifestPath, text.replaceAll(/("(transposeB|smallMN)": )false/g, '$1true'))
    const on = await bench('m1/plain', {})
    expect(on).toMatchObject({ status: 'ok', claim: 'claimed' })
    expect(on.reason).toBeUndefined()
  })

  it('takes the element type from the kernel, and rotates buffers when cold', async () => {
    begin()
    const row = await bench('sgemm/naive', { m: 33, n: 40, k: 50, tB: false, beta: 0.5 }, { isCold: true })
    expect(row).toMatchObject({ status: 'ok', shape: { dtype: 'f32', beta: 0.5 }, identity: { cache: 'cold' } })
  })

  it('runs unsaved text and says where it does not compile', async () => {
    begin()
    const path = join(fixture.root, 'kernels', 'm1_dot_product.metal')
    const text = readFileSync(path, 'utf8').replace('float sums[COLUMNS];', 'flot sums[COLUMNS];')
    const target = { kind: 'variant', id: 'm1/plain', text } as const
    const row = await bench('', {}, { target })
    expect(row.status).toBe('failed')
    const line = text.split('\n').findIndex((one) => one.includes('flot sums')) + 1
    expect(row.location).toEqual({ file: path, line })
  })
})
