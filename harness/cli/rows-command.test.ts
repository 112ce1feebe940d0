import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'

const klab = fileURLToPath(new URL('./klab.mjs', import.meta.url))
let fixture: RunFixture
beforeEach(() => {
  fixture = beginFixture('null')
})
afterEach(() => fixture.end())

function run(...args: string[]): Promise<{ stdout: string; exitCode: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [klab, ...args, '--workspace', fixture.root], (error, stdout) =>
      resolve({ stdout, exitCode: error ? Number(error.code) : 0 }),
    )
  })
}

const shape = 'm=1,n=96,k=128,tB=1'

describe('klab rows', () => {
  it('shows what was measured before as cached, with its age, and measures nothing', async () => {
    expect((await run('rows')).stdout).toBe('nothing was measured yet\n')
    const bench = await run('bench', '--variant', 'm1/plain', '--shape', shape, '--device', 'null', '--json')
    const [measured] = JSON.parse(bench.stdout).rows
    expect(measured).toMatchObject({ status: 'wrong', isCached: false })
    await run('bench', '--variant', 'sgemm/naive', '--shape', 'm=8,n=8,k=8', '--device', 'null')

    const listed = JSON.parse((await run('rows', '--json')).stdout).rows
    expect(listed.map((row: { variant: string }) => row.variant)).toEqual(['sgemm/naive', 'm1/plain'])
    expect(listed[1]).toEqual({ ...measured, isCached: true, ageMs: expect.any(Number) })
    const filtered = JSON.parse((await run('rows', '--variant', 'm1', '--json')).stdout).rows
    expect(filtered).toEqual([expect.objectContaining({ id: measured.id })])

    expect((await run('rows', '--limit', '1')).stdout).toMatch(
      /^measured .*\n\d+ \w+ ago +sgemm\/naive .* null, single, warm /,
    )
    expect((await run('rows', '--id', measured.id.slice(0, 8))).stdout).toMatch(/^measured \d+ \w+ ago\nm1\/plain /)
  })

  it.each([
    [['--limit', 'none'], /--limit must be/],
    [['--id', 'nothing'], /no row has the id nothing/],
  ])('refuses %o', async (args, message) => {
    const { stdout, exitCode } = await run('rows', ...args, '--json')
    expect(exitCode).not.toBe(0)
    expect(JSON.parse(stdout).error.message).toMatch(message)
  })
})
