import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AnalysisReport, analysisReportSchema } from '#contract/analysis.ts'
import { testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { command } from './commands/analyze.ts'
import type { toSarif } from './sarif.ts'

const klab = fileURLToPath(new URL('./klab.mjs', import.meta.url))
const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
const shape = 'm=1,n=96,k=128,tB=1'
let fixture: RunFixture

beforeAll(() => {
  fixture = beginFixture('null')
})
afterAll(() => fixture.end())

type Document = AnalysisReport & ReturnType<typeof toSarif> & { error: { kind: string; message: string } }

function text(...args: string[]): Promise<{ stdout: string; exitCode: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [klab, ...args, '--workspace', fixture.root], (error, stdout) => {
      resolve({ stdout, exitCode: error ? Number(error.code) : 0 })
    })
  })
}

async function run(...args: string[]): Promise<{ document: Document; exitCode: number; stdout: string }> {
  const { stdout, exitCode } = await text(...args, '--json')
  return { document: JSON.parse(stdout), exitCode, stdout }
}

const naive = ['sgemm_naive.metal', '--entry', 'sgemm_naive', '--grid', '1,1,1', '--threads', '32']

/** Runs the command here, as far as it gets without a lab. */
function refuse(...args: string[]) {
  const { values, positionals } = parseArgs({ args, options: command.options, allowPositionals: true })
  const noLab = () => {
    throw new Error('a lab was asked for')
  }
  return command.run({
    positionals,
    values,
    workspaceRoot: fixture.root,
    log: () => {},
    lab: noLab,
    anotherLab: noLab,
    device: noLab,
  })
}

describe('wrong usage is refused before a lab is opened', () => {
  it.each([
    [['--shape', shape], /--variant/],
    [['--variant', 'm1/plain'], /--shape/],
    [['--variant', 'm1/plain', '--shape', shape, '--shape', 'm=1,n=1,k=1'], /one --shape/],
    [['--variant', 'm1/plain', '--shape', shape, '--checks', 'bounds,colour'], /"colour".*uninitialised/],
    [['--variant', 'm1/plain', '--shape', shape, '--seeds', '0'], /--seeds 0/],
    [['--variant', 'm1/plain', '--shape', shape, '--seeds', '65'], /64/],
    [['--variant', 'm1/plain', '--shape', shape, '--threads', '4,4'], /--threads 4,4/],
    [['sgemm_naive.metal', '--entry', 'sgemm_naive', '--grid', '1'], /--threads X,Y,Z/],
    [[...naive, '--arg', '0=buf:f32:zeroes:4'], /no init "zeroes".*undefined/],
  ] as const)('%o', async (args, message) => {
    const refused = await refuse(...args)
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringMatching(message) } })
  })
})

it('is a negative answer on a device that cannot, also under its other spelling', async () => {
  const { document, exitCode } = await run('analyse', ...naive, '--device', 'null')
  expect(exitCode).toBe(1)
  expect(document.error).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('--device cpu') })
})

const block = 'sgemm_shared_mem_block'
const barrier = '    threadgroup_barrier(mem_flags::mem_threadgroup);\n'
const ragged = ['--shape', 'm=33,n=33,k=33']

/** The block kernel without its first barrier, beside its launch file. Returns its selector and the lines that race. */
function seedRace(): { selector: string; lines: number[] } {
  const folder = join(fixture.root, 'kernels')
  const source = readFileSync(join(folder, `${block}.metal`), 'utf8')
  const mended = source.replace(barrier, '')
  writeFileSync(join(folder, 'racing.metal'), mended)
  writeFileSync(join(folder, 'racing.launch.json'), readFileSync(join(folder, `${block}.launch.json`)))
  const lineOf = (part: string) => mended.split('\n').findIndex((line) => line.includes(part)) + 1
  return { selector: `racing.metal:${block}`, lines: [lineOf('As[local.y][local.x] ='), lineOf('sum += As')] }
}

describe.skipIf(whyNot)('klab analyze on the cpu device', () => {
  it('exits 0 on a clean kernel and prints what the schema promises', async () => {
    const { document, exitCode } = await run('analyze', `${block}.metal:${block}`, ...ragged, '--timing')
    expect(exitCode).toBe(0)
    expect(analysisReportSchema.safeParse(document).success).toBe(true)
    expect(document).toMatchObject({ findings: [], omitted: 0, orderDependence: [] })
    expect(document.counters.total.barriers).toBeGreaterThan(0)
  })

  it('prints the same bytes every time and for any number of OS threads, of a race and its schedules too', async () => {
    const { selector } = seedRace()
    const args = ['analyze', selector, ...ragged, '--seeds', '2', '--os-threads']
    const [one, two, again] = [await run(...args, '1'), await run(...args, '2'), await run(...args, '2')]
    expect(one.document.findings.length).toBeGreaterThan(0)
    expect(two.stdout).toBe(one.stdout)
    expect(again.stdout).toBe(one.stdout)
  })

  it('exits 1 on a race, and names both lines in every form it prints', async () => {
    const { selector, lines } = seedRace()
    const file = join(fixture.root, 'race.sarif')
    const { document, exitCode } = await run('analyze', selector, ...ragged, '--sarif', file)
    expect(exitCode).toBe(1)
    const race = document.findings.find(({ kind, bufferName }) => kind === 'race' && bufferName === 'As')
    expect([race?.line, race?.otherLine].toSorted()).toEqual(lines)
    expect(race?.file).toBe('kernels/racing.metal')
    const log = JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof toSarif>
    expect(log.runs[0]?.results).toHaveLength(document.findings.length)
    const people = await text('analyze', selector, ...ragged)
    expect(people).toMatchObject({ exitCode: 1 })
    expect(people.stdout).toMatch(/kernels\/racing\.metal:\d+: race: .*As.*\n.*other side: kernels\/racing\.metal:\d+/)
    expect(people.stdout).toMatch(/ sum \+= As\[local\.y\]/)
  })

  it('prints SARIF alone when asked to', async () => {
    const { document, exitCode } = await run('analyze', `${block}.metal:${block}`, ...ragged, '--sarif', '-')
    expect(exitCode).toBe(0)
    expect(document).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] })
  })

  it('takes a dispatch as run does, and contains one that never ends', async () => {
    const path = join(fixture.root, 'kernels', 'spin.metal')
    writeFileSync(
      path,
      'kernel void spin(device uint* out [[buffer(0)]], constant uint& n [[buffer(1)]]) {\n  while (out[0] != n) out[1] = n;\n}\n',
    )
    const args = ['analyze', path, '--entry', 'spin', '--grid', '1', '--threads', '1', '--arg', '0=buf:u32:zeros:2']
    const done = await run(...args, '--arg', '1=u32:0')
    expect(done).toMatchObject({ exitCode: 0, document: { shape: null, findings: [], entry: 'spin' } })
    const endless = await run(...args, '--arg', '1=u32:1', '--timeout-ms', '1000')
    expect(endless).toMatchObject({ exitCode: 1, document: { error: { kind: 'timeout' } } })
  })

  it('says where a kernel crashed, and ends at an interrupt', async () => {
    const path = join(fixture.root, 'kernels', 'crash.metal')
    const head = 'kernel void k(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n'
    const args = ['analyze', path, '--entry', 'k', '--grid', '1', '--threads', '32', '--arg', '0=buf:u32:zeros:32']
    writeFileSync(path, `${head}  if (i == 3)\n    __builtin_trap();\n  out[i] = i;\n}\n`)
    const { document, exitCode } = await run(...args)
    expect(exitCode).toBe(1)
    expect(document.error.message).toMatch(/kernels\/crash\.metal:3: .*thread \(3, 0, 0\) of threadgroup \(0, 0, 0\)/)

    writeFileSync(path, `${head}  while (out[i] == 0) out[i + 1] = 0;\n}\n`)
    const interrupted = await new Promise<Document>((resolve) => {
      const child = execFile(
        process.execPath,
        [klab, ...args, '--workspace', fixture.root, '--json'],
        (_error, stdout) => resolve(JSON.parse(stdout)),
      )
      child.stderr?.on('data', (line) => String(line).includes('analyse') && child.kill('SIGINT'))
    })
    expect(interrupted.error.kind).toBe('cancelled')
  })
})
