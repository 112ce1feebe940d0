import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { decodeNpy } from '../run/npy.ts'

const script = fileURLToPath(new URL('./klab.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'klab-cli-'))
const file = join(folder, 'scale.metal')
const canCompute = whyNoDevice(testLibrary(), 'cpu') === null

writeFileSync(
  file,
  `#include <metal_stdlib>
using namespace metal;
constant float factor [[function_constant(0)]];
kernel void scale(device half* out [[buffer(0)]], const device float* in [[buffer(1)]],
                  constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  if (i < n) out[i] = half(in[i] * factor);
}
kernel void far(device float* out [[buffer(0)]], constant ulong& at [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[at + i] = 1;
}
kernel void endless(device atomic_uint* stop [[buffer(0)]]) {
  while (atomic_load_explicit(stop, memory_order_relaxed) == 0) {
  }
}
`,
)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** What --json printed. */
  json: unknown
}

function klab(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: folder,
      env: { ...process.env, XDG_STATE_HOME: join(folder, 'state') },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      const json = args.includes('--json') && stdout !== '' ? JSON.parse(stdout) : undefined
      resolve({ code, stdout, stderr, json })
    })
  })
}

const run = (...args: string[]) => klab('run', file, '--json', '--threads', '4', ...args)
const scaleArgs = [
  '--entry',
  'scale',
  '--grid-threads',
  '6',
  '--constant',
  'factor=0.5',
  '--arg',
  '1=buf:f32:iota:6',
  '--arg',
  '2=u32:6',
]

describe('klab', () => {
  it('lists its commands, and says which one does not exist', async () => {
    const help = await klab('--help')
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toMatch(/compile[\s\S]*devices[\s\S]*run[\s\S]*selftest/)
    expect(await klab()).toMatchObject({ code: 2 })
    expect(await klab('fly', '--json')).toMatchObject({
      code: 2,
      json: { error: { kind: 'invalid', message: expect.stringContaining('selftest') } },
    })
    expect(await klab('devices', 'all')).toMatchObject({ code: 2, stderr: expect.stringContaining('"all"') })
    expect(await klab('devices', '--workspace', join(folder, 'none'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not a folder'),
    })
    expect(await klab('run', '--fast')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--fast'),
    })
  })

  it('lists devices', async () => {
    const { code, json } = await klab('devices', '--json')
    expect(code).toBe(0)
    expect(json).toMatchObject({
      devices: expect.arrayContaining([expect.objectContaining({ id: 'null', timeDomain: 'none' })]),
    })
  })

  it('answers 3 for a device that is not here', async () => {
    const missing = await klab('selftest', '--json', '--device', 'abacus')
    expect(missing).toMatchObject({
      code: 3,
      json: { error: { kind: 'missing-tool', message: expect.stringContaining('null') } },
    })
    expect(await klab('selftest', '--json', '--device', 'null')).toMatchObject({ code: 0, json: { passed: true } })
  })
})

describe.runIf(canCompute)('klab compile', () => {
  it('reports entries, bindings and constants', async () => {
    const { code, json } = await klab('compile', 'scale.metal', '--json', '--entry', 'scale', '--constant', 'factor=2')
    expect(code).toBe(0)
    expect(json).toMatchObject({
      ok: true,
      diagnostics: [],
      entries: [
        {
          name: 'scale',
          bindings: [{ index: 0, kind: 'buffer', type: 'half', access: 'read_write', name: 'out' }, {}, {}],
          constants: [{ name: 'factor' }],
        },
        {},
        {},
      ],
      timing: {
        frontEndNs: expect.any(Number),
        optimiseNs: expect.any(Number),
        linkNs: expect.any(Number),
        cached: expect.any(Boolean),
      },
    })
  })

  it('says at the entry what it lacks, and which entries there are', async () => {
    const lacking = await klab('compile', file, '--json', '--entry', 'scale')
    expect(lacking).toMatchObject({
      code: 1,
      json: {
        ok: false,
        diagnostics: [{ file, line: 4, severity: 'error', message: expect.stringContaining('factor') }],
      },
    })
    const unknown = await klab('compile', file, '--json', '--entry', 'scael')
    expect(unknown).toMatchObject({
      code: 2,
      json: { error: { kind: 'not-found', message: expect.stringContaining('scale, far, endless') } },
    })
  })

  it('points at errors, with columns as editors count them', async () => {
    const bad = join(folder, 'bad.metal')
    writeFileSync(bad, 'kernel void k(device float* a [[buffer(0)]]) {\n  /* µ🎯 */ a[0] = ;\n}\n')
    expect(await klab('compile', bad, '--json')).toMatchObject({
      code: 1,
      json: { ok: false, diagnostics: [{ file: bad, line: 2, column: 20, severity: 'error' }] },
    })
  })
})

describe.runIf(canCompute)('klab run', () => {
  it('runs a kernel and writes what was asked for', async () => {
    const out = join(folder, 'out.npy')
    const ended = await run(...scaleArgs, '--arg', '0=buf:f16:nan:6', '--out', `0=${out}`)
    expect(ended).toMatchObject({
      code: 0,
      json: { status: 'ok', outputs: [{ index: 0, type: 'f16', count: 6, file: out }] },
    })
    const array = decodeNpy(readFileSync(out))
    const expected = [0, 0x3800, 0x3c00, 0x3e00, 0x4000, 0x4100]
    expect(array).toEqual({
      ok: true,
      value: { dtype: '<f2', shape: [6], data: Buffer.from(new Uint16Array(expected).buffer) },
    })
    const again = await run(...scaleArgs, '--arg', `0=buf:f16:@${out}`)
    expect(again).toMatchObject({ code: 0, json: { outputs: [{ index: 0, file: null }] } })
  })

  it('takes the numbers of a buffer one by one', async () => {
    const out = join(folder, 'list.npy')
    const args = scaleArgs.map((word) => (word.startsWith('1=') ? '1=buf:f32:[2, -1,16,1e5,0,6]' : word))
    expect(await run(...args, '--arg', '0=buf:f16:nan:6', '--out', `0=${out}`)).toMatchObject({ code: 0 })
    const data = Buffer.from(new Uint16Array([0x3c00, 0xb800, 0x4800, 0x7a1a, 0, 0x4200]).buffer)
    expect(decodeNpy(readFileSync(out))).toEqual({ ok: true, value: { dtype: '<f2', shape: [6], data } })
    const wrong = await run(...scaleArgs, '--arg', '0=buf:f16:[1,x]')
    expect(wrong).toMatchObject({ code: 2, json: { reason: expect.stringContaining('argument 0: "x"') } })
  })

  it('refuses arguments that do not fit before anything runs', async () => {
    expect(await run(...scaleArgs, '--arg', '0=buf:f32:zeros:6')).toMatchObject({
      code: 2,
      json: {
        status: 'invalid',
        reason: expect.stringContaining('argument 0: buffer 0 (device half* out)'),
        outputs: [],
      },
    })
    expect(await run(...scaleArgs)).toMatchObject({
      code: 2,
      json: { status: 'invalid', reason: expect.stringContaining('argument 0') },
    })
    expect(await run('--entry', 'scael', '--grid', '1')).toMatchObject({
      code: 2,
      json: { reason: expect.stringContaining('scale, far, endless') },
    })
  })

  it('reports what it was asked wrongly in the same form', async () => {
    expect(await run('--entry', 'scale', '--grid', '0')).toMatchObject({
      code: 2,
      json: { status: 'invalid', reason: expect.stringContaining('--grid 0'), outputs: [], timing: null },
    })
  })

  it('says once to people what is wrong', async () => {
    expect(await klab('run', file, '--entry', 'scale', '--grid', '0', '--threads', '4')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^klab: .*--grid 0.*\n$/),
    })
  })

  it('fails a kernel that writes past a buffer, also where nothing crashes', async () => {
    const ended = await run('--entry', 'far', '--grid', '1', '--arg', '0=buf:f32:zeros:6', '--arg', '1=u64:6')
    expect(ended).toMatchObject({ code: 1, json: { status: 'failed', outputs: [{ index: 0 }] } })
    const { reason } = ended.json as { reason: string }
    expect(reason).toContain('argument 0: the kernel wrote 16 bytes outside buffer 0 (device float* out)')
    expect(reason).toContain('first at byte 24; it has 24 bytes')
  })

  it('survives a kernel that crashes and names its line', async () => {
    const ended = await run('--entry', 'far', '--grid', '1', '--arg', '0=buf:f32:zeros:4', '--arg', '1=u64:1000000000')
    expect(ended).toMatchObject({
      code: 1,
      json: { status: 'device-lost', reason: expect.stringContaining('far'), location: { file, line: 9 } },
    })
  })

  it('ends a kernel that does not end', async () => {
    const ended = await run('--entry', 'endless', '--grid', '1', '--timeout-ms', '200', '--arg', '0=buf:u32:zeros:1')
    expect(ended).toMatchObject({ code: 1, json: { status: 'timeout', outputs: [], timing: null } })
  })
})
