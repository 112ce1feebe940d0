import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'

const klab = fileURLToPath(new URL('./klab.mjs', import.meta.url))
const shape = 'm=1,n=96,k=128,tB=1'
let fixture: RunFixture

beforeAll(() => {
  fixture = beginFixture('null')
})
afterAll(() => fixture.end())

function run(...args: string[]): Promise<{ document: { error: { kind: string; message: string } }; exitCode: number }> {
  return new Promise((resolve) => {
    const all = [klab, ...args, '--json', '--workspace', fixture.root]
    execFile(process.execPath, all, (error, stdout) => {
      resolve({ document: JSON.parse(stdout), exitCode: error ? Number(error.code) : 0 })
    })
  })
}

const naive = ['sgemm_naive.metal', '--entry', 'sgemm_naive', '--grid', '1,1,1', '--threads', '32']

describe('wrong usage exits 2 and says what is wrong', () => {
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
    const { document, exitCode } = await run('analyze', ...args)
    expect(exitCode).toBe(2)
    expect(document.error.message).toMatch(message)
  })
})

describe('a device that cannot analyse', () => {
  it('is a negative answer, by either spelling and for either kind of selector', async () => {
    const target = await run('analyse', '--variant', 'm1/plain', '--shape', shape, '--device', 'null')
    expect(target).toMatchObject({ exitCode: 1, document: { error: { kind: 'unsupported' } } })
    expect(target.document.error.message).toContain('--device cpu')
    const dispatch = await run('analyze', ...naive, '--device', 'null')
    expect(dispatch).toMatchObject({ exitCode: 1, document: { error: { kind: 'unsupported' } } })
  })
})
