import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, type LabError } from '#contract/error.ts'
import type { EvidenceRecord, ProofReport } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import type { Flag } from '#contract/manifest.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { listDevices } from '../bridge/native-library.ts'
import { flagStatuses } from '../catalog/flags.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { deviceOfRun } from './note-findings.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { runProof } from './run-proof.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
let fixture: RunFixture
afterEach(() => fixture.end())

const prove = (variant: string, flag: Flag) => runProof(fixture.context, { variant, flag }, fixture.hooks)
const manifestText = () => readFileSync(fixture.manifestPath, 'utf8')
const evidenceFile = (variant: string) => join(fixture.root, 'manifests', 'evidence', `${variant}.json`)
/** Why the device has no vector tier; undefined when it has. */
function whyNoVector(): string | undefined {
  const cpu = listDevices(testLibrary()).find(({ id }) => id === 'cpu')
  const vector = cpu?.tiers.find(({ name }) => name === 'vector')
  return vector ? vector.missing : 'there is no cpu device'
}

/** Shapes that only the fastest tier runs: 65537 rows. */
const onceRun = 1

/** What the device could have chosen is in the record, with the flags of its builds; the leader takes no such kernel. */
function expectEveryTier(record: EvidenceRecord | undefined): void {
  const present = fixture.context.device.tiers.filter(({ missing }) => missing === undefined)
  expect(present.map(({ name }) => name).slice(0, 3)).toEqual(['loop', 'fiber', 'leader'])
  for (const { name, flags } of present) {
    const own = record?.tiers?.find(({ tier }) => tier === name)
    expect(own).toMatchObject({ tier: name, flags })
    expect(own?.refusal ?? '').not.toContain(fixture.root)
    if (name === 'loop' || name === 'leader') expect(own).toMatchObject({ shapes: 0, refusal: expect.any(String) })
    else {
      const missed = name === present.at(-1)?.name ? 0 : onceRun
      expect([own?.shapes, own?.refusal]).toEqual([(record?.shapes.length ?? 0) - missed, undefined])
    }
  }
}

const stateOf = (variant: string, flag: Flag) =>
  flagStatuses(
    fixture.context.workspace,
    must(manifestOf(fixture.context.workspace)),
    deviceOfRun(fixture.context),
  ).find((status) => status.variant === variant && status.flag === flag)

describe('runProof on the null device', () => {
  it('refuses a kernel that writes nothing, and writes nothing itself', async () => {
    fixture = beginFixture('null')
    const before = manifestText()
    const report = must(await prove('m1/fused', 'bias'))
    expect(report.state).toBe('off')
    expect(report.failures[0]).toMatchObject({ gate: 'bound', index: 0, actual: null })
    expect(report.failures.map(({ gate }) => gate)).toContain('poison')
    expect(manifestText()).toBe(before)
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
  })

  it('fails when the gates cannot be run at all', async () => {
    fixture = beginFixture('null', { run: 'lost' })
    expect(await prove('m1/fused', 'bias')).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
  })

  it('says why no shape reaches a flag', async () => {
    fixture = beginFixture('null')
    writeFileSync(
      fixture.manifestPath,
      manifestText().replaceAll('"functionName"', '"expectedTransposeA": false, "functionName"'),
    )
    const result = await prove('m1/plain', 'transposeA')
    expect(result).toMatchObject({ ok: false, error: { kind: 'unsupported' } })
    expect(!result.ok && result.error.message).toMatch(/transposeA=true but expected false/)
  })
})

describe.skipIf(whyNoCpu)('runProof on the cpu device', () => {
  beforeEach(() => {
    fixture = beginFixture('cpu')
    // Operands beyond 24 bits have their own tests.
    const few = '"requires": { "k": { "max": 4300 } }, "library"'
    writeFileSync(fixture.manifestPath, manifestText().replaceAll('"library"', few))
  })

  it('refuses a kernel without bias: gate, shape, seed, index, expected, actual', async () => {
    const before = manifestText()
    const report: ProofReport = must(await prove('m1/plain', 'bias'))
    expect(report.state).toBe('off')
    expect(new Set(report.failures.map(({ gate }) => gate))).toEqual(new Set(['bound', 'exact']))
    for (const failure of report.failures) {
      expect(failure.shape).toMatch(/bias=1/)
      expect(failure.expected).not.toBe(failure.actual)
      expect(failure.message).toContain(`output ${failure.index} is ${failure.actual}, expected ${failure.expected}`)
    }
    expect(manifestText()).toBe(before)
    expect(existsSync(evidenceFile('m1/plain'))).toBe(false)
  })

  it('turns the flag on for the kernel that deserves it, with evidence, touching nothing else, until the kernel changes', async () => {
    const before = manifestText()
    const report = must(await prove('m1/fused', 'bias'))
    expect(report).toMatchObject({ state: 'proven', failures: [] })
    const file = evidenceFileSchema.parse(JSON.parse(readFileSync(evidenceFile('m1/fused'), 'utf8')))
    const record = file.devices.cpu?.bias
    expect(record).toEqual(report.evidence?.record)
    expect(record?.seeds).toHaveLength(3)
    expect(record?.shapes).toContain('m=1,n=1152,k=896,tA=0,tB=0,batch=1,bias=1,alpha=1,beta=0,dtype=f16')
    expect(record?.shapes.length).toBeGreaterThan(20)
    expect(record?.gates.map(({ gate }) => gate)).toEqual(['bound', 'exact', 'guard', 'poison'])
    expect(record?.gates[0]?.worstMargin).toBeLessThanOrEqual(1)
    expectEveryTier(record)
    const [head, fused = ''] = before.split('"name": "fused"')
    expect(manifestText()).toBe(`${head}"name": "fused"${fused.replace('"bias": false', '"bias": true')}`)
    expect(stateOf('m1/fused', 'bias')?.state).toBe('proven')
    const path = join(fixture.root, 'kernels', 'm1_dot_product.metal')
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n// changed\n`)
    expect(stateOf('m1/fused', 'bias')).toMatchObject({ state: 'claimed', reason: expect.stringMatching(/source/) })
  })

  it('only says that a flag could be true when that is all it is asked', async () => {
    const before = manifestText()
    const request = { variant: 'm1/fused', flag: 'bias', isDry: true } as const
    const report = must(await runProof(fixture.context, request, fixture.hooks))
    expect(report).toMatchObject({ state: 'off', failures: [] })
    expect(report.evidence).toBeUndefined()
    expect(manifestText()).toBe(before)
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
  })

  it('refuses a right kernel in which no fault can be put: its gates have noticed none', async () => {
    const path = join(fixture.root, 'kernels', 'sgemm_naive.metal')
    const text = readFileSync(path, 'utf8')
    const body = text.slice(text.indexOf('  const uint row'), text.indexOf('\n}\n\ntemplate [['))
    writeFileSync(join(fixture.root, 'kernels', 'body.h'), body)
    writeFileSync(path, text.replace(body, '#include "body.h"'))
    const report = must(await prove('sgemm/naive', 'smallK'))
    expect(report).toMatchObject({ state: 'off', mutants: [] })
    expect(report.gates.every(({ passed }) => passed)).toBe(true)
    expect(report.failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^gate mutants: no fault .* nothing shows that the gates would notice one$/),
    ])
  })

  it('takes its evidence back when a later proof of the same kernel fails, but not when that is cancelled', async () => {
    must(await prove('m1/fused', 'bias'))
    const before = readFileSync(evidenceFile('m1/fused'), 'utf8')
    const { device } = fixture.context
    const createModule = device.createModule.bind(device)
    const [right, wrong] = ['float(bias[n + lane])', '(n < 64 ? float(bias[n + lane]) : 0)']
    // As if the compiler had gone wrong: nothing that a hash shows.
    device.createModule = (request) => createModule({ ...request, source: request.source.replace(right, wrong) })
    const report = must(await prove('m1/fused', 'bias'))
    expect(report).toMatchObject({ state: 'claimed', withdrawn: expect.stringMatching(/^20/) })
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
    expect(stateOf('m1/fused', 'bias')).toMatchObject({ value: true, state: 'claimed' })
    expect(stateOf('m1/fused', 'bias')?.reason).toContain(report.failures[0]?.message)
    writeFileSync(evidenceFile('m1/fused'), before)
    expect(stateOf('m1/fused', 'bias')?.state).toBe('claimed')
    fixture.hooks.onProgress = (_, done) => {
      if (done === 5) fixture.hooks.cancel()
    }
    expect(await prove('m1/fused', 'bias')).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    expect(readFileSync(evidenceFile('m1/fused'), 'utf8')).toBe(before)
  })

  it('takes it back when the kernel hangs, but not when the device fails of itself', async () => {
    must(await prove('m1/fused', 'bias'))
    const before = readFileSync(evidenceFile('m1/fused'), 'utf8')
    const { device } = fixture.context
    const ends = (error: LabError) => {
      device.run = async () => fail(error)
    }
    ends({ kind: 'device-lost', message: 'unplugged' })
    expect(await prove('m1/fused', 'bias')).toMatchObject({ ok: false, error: { message: 'unplugged' } })
    expect(readFileSync(evidenceFile('m1/fused'), 'utf8')).toBe(before)
    ends({ kind: 'timeout', message: 'it did not end' })
    const report = must(await prove('m1/fused', 'bias'))
    expect(report).toMatchObject({ state: 'claimed', withdrawn: expect.stringMatching(/^20/) })
    expect(report.failures[0]?.message).toMatch(/^gate run on m=.*, seed 1, \w+ tier: it did not end$/)
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
    expect(stateOf('m1/fused', 'bias')?.reason).toContain('it did not end')
  })

  it.each([
    ['only in the first matrix of a batch', 'float(bias[n + lane])', '(group.z == 0 ? float(bias[n + lane]) : 0)'],
    ['and keeps what C held', 'C[n + lane] = half(value)', 'C[n + lane] = half(fmax(float(C[n + lane]), value))'],
    ['only in the first few thousand columns', 'float(bias[n + lane])', '(n < 4096 ? float(bias[n + lane]) : 0)'],
  ])('refuses a kernel that adds its bias %s', async (_, right, wrong) => {
    const path = join(fixture.root, 'kernels', 'm1_dot_product.metal')
    const source = readFileSync(path, 'utf8')
    expect(source).toContain(right)
    writeFileSync(path, source.replace(right, wrong))
    writeFileSync(fixture.manifestPath, manifestText().replaceAll('"batch": false', '"batch": true'))
    const report = must(await prove('m1/fused', 'bias'))
    expect(report.state).toBe('off')
    expect(report.failures[0]?.shape).toMatch(/bias=1/)
  })

  it.each([
    ['only where there is no bias', 'activate(values)', 'has_bias ? values : activate(values)'],
    ['before it adds what C held', 'values += beta * c0', 'return activate(values) + beta * c0'],
    ['as relu whatever is asked', 'switch (activation)', 'switch (activation == 0 ? 0 : 1)'],
    ['as a gelu of other constants', '0.044715f', '0.0432f'],
    ['and is 0 from -4 on', 'return x / (1.0f', 'return x < -4.0f ? 0.0f : x / (1.0f'],
  ])('refuses a kernel that applies its activation %s', async (_, right, wrong) => {
    const path = join(fixture.root, 'kernels', 'epilogue.h')
    const source = readFileSync(path, 'utf8')
    expect(source).toContain(right)
    writeFileSync(path, source.replace(right, wrong))
    const on = manifestText().replaceAll(/"(bias|accumulate)": false/g, '"$1": true')
    writeFileSync(fixture.manifestPath, on)
    const report = must(await prove('sgemm/naive', 'activation'))
    expect(report.state).toBe('off')
    expect(report.failures[0]?.shape).toMatch(/act=(relu|gelu|silu)/)
  })

  it('refuses a kernel that applies an activation that is not asked for', async () => {
    const path = join(fixture.root, 'kernels', 'epilogue.h')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('switch (activation)', 'switch (activation == 0 ? 1 : activation)'),
    )
    expect(must(await prove('sgemm/naive', 'smallK')).failures[0]).toMatchObject({
      expected: expect.any(Number),
      actual: 0,
    })
  })

  it.skipIf(whyNoVector())(
    'refuses a kernel that is right only where its threads run one after the other',
    async () => {
      const path = join(fixture.root, 'kernels', 'sgemm_naive.metal')
      const source = readFileSync(path, 'utf8')
      // Both places are 0, which the compiler cannot know: what is read is what the last thread wrote.
      const racing =
        'threadgroup float shared[2];\n  shared[M >> 31] = sum;\n  sum = shared[N >> 31];\n\n  dense_output('
      expect(source).toContain('  dense_output(')
      writeFileSync(path, source.replace('dense_output(', racing))
      const report = must(await prove('sgemm/naive', 'smallMN'))
      expect(report.state).toBe('off')
      expect(new Set(report.gates.filter(({ passed }) => passed).map(({ tier }) => tier))).toContain('loop')
      expect(new Set(report.failures.map(({ message }) => /, (\w+) tier: /.exec(message)?.[1]))).toEqual(
        new Set(['vector']),
      )
    },
  )

  it('writes nothing when it is cancelled in the middle', async () => {
    const before = manifestText()
    let reached = 0
    fixture.hooks.onProgress = (_, done) => {
      reached = done
      if (done === 5) fixture.hooks.cancel()
    }
    expect(await prove('m1/fused', 'bias')).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    expect(reached).toBe(5)
    expect(manifestText()).toBe(before)
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
  })

  it('refuses to vouch for a kernel that changed while it was being proven', async () => {
    const path = join(fixture.root, 'kernels', 'm1_dot_product.metal')
    fixture.hooks.onProgress = (_, done) => {
      if (done === 5) writeFileSync(path, `${readFileSync(path, 'utf8')}\n// changed\n`)
    }
    expect(await prove('m1/fused', 'bias')).toMatchObject({ ok: false, error: { kind: 'conflict' } })
    expect(existsSync(evidenceFile('m1/fused'))).toBe(false)
  })

  it.each([
    ['m1/plain', 'transposeA', 'off'],
    ['m1/plain', 'accumulate', 'off'],
    ['m1/plain', 'smallK', 'proven'],
    ['sgemm/naive', 'accumulate', 'proven'],
    ['sgemm/naive', 'activation', 'proven'],
    ['m1/plain', 'activation', 'off'],
    ['sgemm/naive', 'transposeB', 'off'],
  ] as const)(
    'judges %s %s: %s',
    async (variant, flag, state) => {
      const report = must(await prove(variant, flag))
      expect(report.state).toBe(state)
      expect(report.failures.length > 0).toBe(state === 'off')
    },
    180_000,
  )
})
