import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import { rowSchema } from '#contract/row.ts'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { writeEvidence } from '../store/evidence-file.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'

const klab = fileURLToPath(new URL('./klab.mjs', import.meta.url))
const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
const shape = 'm=1,n=96,k=128,tB=1'
let fixture: RunFixture

/** What the tests read of any command's document. */
interface Document {
  error: { message: string }
  rows: { location: { line: number } }[]
  state: string
  gates: { worst: object }[]
  failures: object[]
  evidence: { file: string; record: EvidenceRecord }
  flags: { flag: string; state: string; reason: string }[]
}

/** Runs a command line as a script would: one document on stdout, an exit status, talk on stderr. */
function run(...args: string[]): Promise<{ document: Document; exitCode: number; log: string }> {
  return runWith(process.env, ...args)
}

function runWith(env: NodeJS.ProcessEnv, ...args: string[]): ReturnType<typeof run> {
  return new Promise((resolve) => {
    const all = [klab, ...args, '--json', '--workspace', fixture.root]
    execFile(process.execPath, all, { env }, (error, stdout, stderr) => {
      resolve({ document: JSON.parse(stdout), exitCode: error ? Number(error.code) : 0, log: stderr })
    })
  })
}

beforeEach(() => {
  fixture = beginFixture('null')
})
afterEach(() => fixture.end())

describe('wrong usage exits 2 and says what is wrong', () => {
  it.each([
    [['bench', '--shape', shape], /--variant/],
    [['bench', '--variant', 'm1/plain'], /--shape/],
    [['bench', '--variant', 'm1/nothing', '--shape', shape], /no variant m1\/nothing.*m1\/plain/s],
    [['bench', '--variant', 'm1/plain', '--shape', 'm=1,n=x,k=2'], /'n' cannot be 'x'/],
    [['bench', '--variant', 'm1/plain', '--shape', `${shape},dtype=f32`], /dtype=f32.*kernel of f16/],
    [['verify', '--variant', 'm1/plain', '--shape', shape, '--data', 'zeros'], /random, legacy, pm1/],
    [['prove', '--variant', 'm1/plain', '--flag', 'largeK'], /transposeA, transposeB/],
  ] as const)('%o', async (args, message) => {
    const { document, exitCode } = await run(...args)
    expect(exitCode).toBe(2)
    expect(document.error.message).toMatch(message)
  })
})

describe('rows without a time', () => {
  it('have every promised field, and a missing compiler exits 3', async () => {
    const bare = { ...process.env, PATH: '/nowhere' }
    const { document, exitCode } = await runWith(bare, 'bench', '--variant', 'm1/plain', '--shape', shape)
    expect(exitCode).toBe(3)
    expect(document.rows).toMatchObject([
      {
        status: 'unsupported',
        reason: expect.stringContaining('clang'),
        kernel: { samples: [] },
        error: { maxAbs: null, maxRel: null, maxUlp: null, bound: null },
      },
    ])
  })
})

describe('a kernel that writes nothing', () => {
  it('is a negative answer of every command', async () => {
    const bench = await run('bench', '--variant', 'm1/plain', '--shape', shape, '--device', 'null')
    expect(bench).toMatchObject({ exitCode: 1, document: { rows: [{ status: 'wrong', variant: 'm1/plain' }] } })
    const verify = await run('verify', '--variant', 'm1/plain', '--shape', shape, '--device', 'null')
    expect(verify).toMatchObject({ exitCode: 1, document: { passed: false } })
    const before = readFileSync(fixture.manifestPath, 'utf8')
    const prove = await run('prove', '--variant', 'm1/fused', '--flag', 'bias', '--device', 'null')
    expect(prove).toMatchObject({ exitCode: 1, document: { state: 'off' } })
    expect(prove.document.failures[0]).toMatchObject({ gate: 'bound', seed: 1, index: 0, actual: null })
    expect(readFileSync(fixture.manifestPath, 'utf8')).toBe(before)
  })
})

describe.skipIf(whyNoCpu)('on the cpu device', () => {
  it('bench answers rows that fit the contract', async () => {
    const { document, exitCode, log } = await run('bench', '--variant', 'm1/plain', '--shape', shape)
    expect(exitCode).toBe(0)
    expect(document.rows.map((row: unknown) => rowSchema.parse(row).status)).toEqual(['ok'])
    expect(log).toMatch(/measure/)
  })

  it('bench makes a row of a crash, with the line, and of a kernel benched by file', async () => {
    const target = `${join(fixture.root, 'kernels', 'testing', 'm1_wrong.metal')}:m1_wrong_far_write`
    const { document, exitCode } = await run('bench', target, '--shape', shape)
    expect(exitCode).toBe(1)
    expect(document.rows[0]).toMatchObject({ status: 'device-lost', identity: { dtype: 'f16' } })
    const source = readFileSync(target.slice(0, target.lastIndexOf(':')), 'utf8').split('\n')
    expect(source[(document.rows[0]?.location.line ?? 0) - 1]).toContain('C[ulong(N) + (1ul << 28)] = 1')
  })

  it.each([
    ['crashes', 'device-lost', /m1_wrong.metal:\d+: out of bounds/],
    ['does not compile', 'compile', /m1_wrong.metal:\d+:\d+: expected expression/],
  ] as const)('verify answers no for a kernel that %s', async (what, kind, message) => {
    const path = join(fixture.root, 'kernels', 'testing', 'm1_wrong.metal')
    const source = readFileSync(path, 'utf8')
    if (what === 'does not compile') writeFileSync(path, source.replace('C[ulong(N) + (1ul << 28)] = 1', 'C[0] = '))
    const { document, exitCode } = await run('verify', `${path}:m1_wrong_far_write`, '--shape', shape)
    expect(exitCode).toBe(1)
    expect(document).toMatchObject({
      passed: false,
      gates: [{ gate: 'run', passed: false, seed: 1, worst: { index: 0 }, detail: expect.stringMatching(message) }],
      error: { maxAbs: null, maxRel: null },
      failure: { kind },
    })
  })

  it('verify says of every gate what came closest', async () => {
    const { document } = await run('verify', '--variant', 'm1/plain', '--shape', shape)
    expect(document.gates).toHaveLength(18)
    for (const { worst } of document.gates) expect(Object.keys(worst)).toEqual(['index', 'expected', 'actual'])
  })

  it('prove earns a flag once, says with what and in which tiers, and again what no longer holds', {
    timeout: 240_000,
  }, async () => {
    const { document, exitCode } = await run('prove', '--variant', 'm1/fused', '--flag', 'bias')
    expect(exitCode).toBe(0)
    expect(document).toMatchObject({ state: 'proven', failures: [], variant: 'm1/fused', flag: 'bias' })
    const written = evidenceFileSchema.parse(JSON.parse(readFileSync(document.evidence.file, 'utf8')))
    expect(written.devices.cpu?.bias).toEqual(document.evidence.record)

    const before = await run('flags', '--variants', 'm1/fused')
    const flagOf = ({ document: { flags } }: typeof before) => flags.find(({ flag }) => flag === 'bias')
    expect(flagOf(before)).toMatchObject({ state: 'proven', reason: expect.stringMatching(/: not in loop, in fiber/) })
    const [loop, fiber, ...others] = written.devices.cpu?.bias?.tiers ?? []
    const tiers = [loop, { ...fiber, flags: 'another build' }, ...others] as EvidenceRecord['tiers']
    const bias = { ...document.evidence.record, tiers }
    writeEvidence(join(fixture.root, 'manifests', 'variants_enhanced.json'), { backend: 'm1', name: 'fused' }, { bias })
    const stale = flagOf(await run('flags', '--variants', 'm1/fused'))
    expect(stale).toMatchObject({
      state: 'claimed',
      reason: expect.stringMatching(/^the compiler flags of the fiber tier changed from another build to clang/),
    })
    const again = await run('prove', '--again')
    expect(again).toMatchObject({ exitCode: 0, document: { proofs: [{ variant: 'm1/fused', state: 'proven' }] } })
    expect(flagOf(await run('flags', '--variants', 'm1/fused'))).toMatchObject({ state: 'proven' })
    expect(await run('prove', '--again')).toMatchObject({ exitCode: 0, document: { proofs: [] } })
  })

  it.skipIf(process.platform === 'win32')(
    'an interrupt of the whole group, as a terminal sends it, cancels',
    async () => {
      const args = ['prove', '--variant', 'sgemm/naive', '--flag', 'smallMN', '--json', '--workspace', fixture.root]
      const child = spawn(process.execPath, [klab, ...args], { detached: true })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (text) => {
        stdout += text
      })
      child.stderr.on('data', (text) => {
        const isFirst = !stderr.includes('gate:')
        stderr += text
        if (isFirst && stderr.includes('gate:')) process.kill(-(child.pid as number), 'SIGINT')
      })
      const [exitCode] = await once(child, 'close')
      expect([exitCode, JSON.parse(stdout).error.kind]).toEqual([1, 'cancelled'])
    },
  )

  it('prove answers no for a kernel that crashes, and leaves the flag off', async () => {
    const manifest = JSON.parse(readFileSync(fixture.manifestPath, 'utf8'))
    const { supports } = manifest.m1[0]
    const wrong = { name: 'wrong', library: 'm1_wrong', transposeBOverride: true }
    manifest.m1.push({ ...wrong, supports: { ...supports, functionName: 'm1_wrong_far_write' } })
    writeFileSync(fixture.manifestPath, JSON.stringify(manifest))
    const { document, exitCode } = await run('prove', '--variant', 'm1/wrong', '--flag', 'smallMN')
    expect(exitCode).toBe(1)
    expect(document).toMatchObject({ state: 'off', failures: [{ gate: 'run' }] })
    expect(JSON.parse(readFileSync(fixture.manifestPath, 'utf8'))).toEqual(manifest)
  })
})
