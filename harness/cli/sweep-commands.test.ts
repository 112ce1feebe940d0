import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ok } from '#contract/error.ts'
import { must } from '../bridge/device-fixture.ts'
import { noDevice } from '../catalog/current-device.ts'
import { flagStatuses } from '../catalog/flags.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { makeFolder, putFile, supportsAll } from '../catalog/workspace-fixture.ts'
import type { Command, Invocation } from './command.ts'
import { command as flags } from './commands/flags.ts'
import { command as lint } from './commands/lint.ts'
import { command as sweep } from './commands/sweep.ts'
import { command as unset } from './commands/unset.ts'
import { exitCodeOf } from './exit-codes.ts'

const shapes = 'op,batch,m,n,k,tA,tB\nmatmul,1,1,896,896,0,1\nmatmul_bias_add,1,1,1152,896,0,0\n'
const manifest = {
  m1_x: [
    { name: 'a', library: 'lib', supports: supportsAll({ bias: false }) },
    { name: 'b_bn64', library: 'lib', supports: supportsAll({ functionNameBias: 'f', transposeB: false }) },
  ],
}
const makeWorkspace = () =>
  makeFolder({
    'lib.metal': 'kernel void f() {}',
    'shapes.csv': shapes,
    'variants_enhanced.json': JSON.stringify(manifest),
  })

/** A host that lists flags and does nothing else. */
function flagsHost(root: string): ReturnType<Invocation['lab']> {
  const request = async () => {
    const workspace = must(Workspace.open(root))
    return ok({ flags: flagStatuses(workspace, must(manifestOf(workspace)), noDevice) })
  }
  return { request } as unknown as ReturnType<Invocation['lab']>
}

/** Runs a command that needs no device; starting one fails the test. */
async function use(
  command: Command,
  workspaceRoot: string,
  options: { values?: Invocation['values']; positionals?: string[]; lab?: Invocation['lab'] } = {},
) {
  const logged: string[] = []
  const unexpected = () => {
    throw new Error('this command must not start a kernel host')
  }
  const invocation: Invocation = {
    positionals: options.positionals ?? [],
    values: options.values ?? {},
    workspaceRoot,
    lab: options.lab ?? unexpected,
    anotherLab: unexpected,
    device: unexpected,
    log: (line) => logged.push(line),
  }
  const result = await command.run(invocation)
  return result.ok
    ? { ...result.value, document: result.value.document as Record<string, unknown[]>, logged }
    : {
        document: {} as Record<string, unknown[]>,
        text: result.error.message,
        exitCode: exitCodeOf(result.error),
        logged,
      }
}

describe('klab sweep --plan', () => {
  const plan = (root: string, values: Invocation['values']) => use(sweep, root, { values, lab: () => flagsHost(root) })

  it('lists what would be run and every gap with its reason', async () => {
    const { document, exitCode } = await plan(makeWorkspace(), { plan: true })
    expect(exitCode).toBe(0)
    expect(document.counts).toEqual({ run: 2, gap: 2 })
    expect(document.rows).toMatchObject([
      { variant: 'm1_x/a', shape: { n: 896 }, status: 'planned', claim: 'claimed', entry: 'f' },
      { variant: 'm1_x/b_bn64', shape: { n: 1152, bias: true }, entry: 'f' },
    ])
    expect(document.gaps).toMatchObject([
      { variant: 'm1_x/a', shape: { n: 1152 }, reason: 'bias not supported' },
      { variant: 'm1_x/b_bn64', shape: { n: 896 }, reason: 'transposeB not supported' },
    ])
  })

  it('takes a glob and another shape list, and tells of a cut one', async () => {
    const root = makeWorkspace()
    putFile(root, 'more/few.csv', 'op,batch,m,n,k,tA,tB\nmatmul,1,1,8,64,0,0\nmatmul,1')
    const { document, logged } = await plan(root, { plan: true, variants: '*_bn64', shapes: 'more/few.csv' })
    expect([document.counts, document.gaps]).toEqual([{ run: 1, gap: 0 }, []])
    expect(logged).toEqual([expect.stringContaining('the file ends in the middle')])
    expect(document.warnings).toMatchObject([{ rule: 'shapes.cut', line: 3 }])
  })

  it.each([
    [{ 'shapes.csv': 'x' }, {}, 2, 'name one with --shapes FILE'],
    [{}, { shapes: 'gone.txt' }, 2, 'gone.txt'],
    [{}, { variants: 'm2*' }, 2, 'no variant matches m2*; there are: m1_x/a, m1_x/b_bn64'],
    [{ 'variants_enhanced.json': '{"a": [],}' }, {}, 1, 'line 1, column 9'],
    [{}, { filter: ['n/(m-1)>2'] }, 2, 'm=1,n=896'],
    [{}, { filter: ['min(m,n)>=2'] }, 2, 'no shape of 2 meets the filter'],
    [{}, { variants: '*a', filter: ['*b_bn64'] }, 2, 'no enabled variant matches *a and *b_bn64'],
    [{}, { out: 'plan.md' }, 2, 'leave --format and --out out'],
    [{}, { resume: true }, 2, '--resume is for a sweep that runs'],
    [{}, { 'only-gaps': true }, 2, 'leave --only-gaps out'],
  ])('with %o and %o exits with status %i', async (...[files, values, exitCode, message]) => {
    const root = makeWorkspace()
    for (const [path, text] of Object.entries(files)) putFile(root, path, text as string)
    const answer = await plan(root, { plan: true, ...values })
    expect([answer.exitCode, answer.text]).toEqual([exitCode, expect.stringContaining(message)])
  })
})

describe('klab flags and unset', () => {
  it('list states and switch one off', async () => {
    const root = makeWorkspace()
    const before = readFileSync(join(root, 'variants_enhanced.json'), 'utf8')
    const stateOf = async () => {
      const { document } = await use(flags, root, { values: { variants: 'a' }, lab: () => flagsHost(root) })
      expect(document.flags).toHaveLength(8)
      return (document.flags as { flag: string; state: string }[]).find(({ flag }) => flag === 'batch')?.state
    }
    expect(await stateOf()).toBe('claimed')
    expect(await use(unset, root, { values: { variant: 'm1_x/a', flag: 'batch' } })).toMatchObject({
      exitCode: 0,
      document: { state: 'off' },
    })
    expect(await stateOf()).toBe('off')
    expect(readFileSync(join(root, 'variants_enhanced.json'), 'utf8')).toBe(
      before.replace('"batch":true', '"batch":false'),
    )
  })

  it('a glob that matches nothing is wrong usage', async () => {
    expect(await use(flags, makeWorkspace(), { values: { variants: 'zz' } })).toMatchObject({
      exitCode: 2,
      text: 'no variant matches zz; there are: m1_x/a, m1_x/b_bn64',
    })
  })

  it.each([
    [{}],
    [{ variant: 'm1_x/a' }],
    [{ variant: 'm1_x/a', flag: 'largeK' }],
    [{ variant: 'm1_x/zz', flag: 'bias' }],
  ])('unset %o is wrong usage', async (values) => {
    expect((await use(unset, makeWorkspace(), { values })).exitCode).toBe(2)
  })
})

describe('klab lint', () => {
  it('exits with 1 only for errors', async () => {
    const root = makeWorkspace()
    const sound = await use(lint, root)
    expect([sound.exitCode, sound.document.problems]).toEqual([0, []])
    putFile(root, 'lib.metal', 'kernel void g() {}')
    const broken = await use(lint, root)
    expect(broken.exitCode).toBe(1)
    expect(broken.document.problems).toMatchObject([
      { rule: 'missing-function' },
      { rule: 'missing-function' },
      { rule: 'missing-function' },
    ])
  })

  it('reads a FILE with the folder it lies in', async () => {
    const elsewhere = makeWorkspace()
    const file = join(elsewhere, 'variants_enhanced.json')
    expect(await use(lint, makeFolder(), { positionals: [file] })).toMatchObject({
      exitCode: 0,
      document: { problems: [] },
    })
    putFile(elsewhere, 'variants_enhanced.json', '{')
    expect(await use(lint, makeFolder(), { positionals: [file] })).toMatchObject({
      exitCode: 1,
      document: { problems: [{ rule: 'manifest.syntax' }] },
    })
    expect((await use(lint, makeFolder(), { positionals: [join(elsewhere, 'gone.json')] })).exitCode).toBe(2)
  })
})
