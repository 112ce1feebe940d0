import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repoRoot } from '../host/repo-root.ts'
import { beginSweepLab, type SweepLab, timesKept } from '../host/sweep-lab-fixture.ts'

const pairs = 128
let fixture: SweepLab
beforeEach(() => {
  fixture = beginSweepLab(pairs / 2)
})
afterEach(() => fixture.end())

function klab(...args: string[]): ChildProcessWithoutNullStreams {
  const entry = join(repoRoot(), 'harness', 'cli', 'klab.mjs')
  return spawn(process.execPath, [entry, 'sweep', '--workspace', fixture.root, '--device', 'null', ...args])
}

/** Ends a process with `signal` once it has told of that many rows; resolves with its exit code when it is gone. */
function endAfter(child: ChildProcessWithoutNullStreams, rows: number, signal: NodeJS.Signals): Promise<number | null> {
  let told = ''
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk
    // A second interrupt would end the command without its report.
    if (told.includes(`${rows}/${pairs} `) && !child.killed) child.kill(signal)
  })
  return new Promise((resolve) => child.once('close', resolve))
}

/** Rows that there are once the host of a command that was killed, which may finish a row, writes no more. */
async function rowsLeft(): Promise<number> {
  for (let seen = -1; ; await setTimeout(500)) {
    const now = fixture.kept().length
    if (now === seen) return now
    seen = now
  }
}

async function resume(...args: string[]) {
  const child = klab('--resume', '--json', ...args)
  child.stderr.resume()
  return JSON.parse(await text(child.stdout))
}

describe('klab sweep --resume', () => {
  it('after a kill -9 runs what is left, and nothing twice', async () => {
    expect(await endAfter(klab(), 5, 'SIGKILL')).toBeNull()
    const before = await rowsLeft()
    const { counts, rows, sweep } = await resume()
    expect(before).toBeGreaterThanOrEqual(5)
    expect(before).toBeLessThan(pairs)
    expect(counts).toEqual({ run: pairs - before, cached: before, gap: 0, waiting: 0 })
    expect(sweep.state).toBe('finished')
    expect(timesKept(fixture.kept())).toEqual(Array.from({ length: pairs }, () => 1))
    const old = fixture.kept().slice(0, before)
    const cached = rows.filter(({ isCached }: { isCached: boolean }) => isCached)
    expect(cached.map(({ id }: { id: string }) => id).sort()).toEqual(old.map(({ id }) => id).sort())
    expect(cached.every(({ ageMs }: { ageMs: number }) => ageMs > 0)).toBe(true)
  })

  it('after an interrupt, which reports what there is, does the same; a report goes to a file', async () => {
    const child = klab('--json')
    const printed = text(child.stdout)
    expect(await endAfter(child, 3, 'SIGINT')).toBe(1)
    const stopped = JSON.parse(await printed)
    expect(stopped.sweep.state).toBe('cancelled')
    expect(stopped.counts.waiting).toBeGreaterThan(0)
    const out = join(fixture.root, 'sweep.csv')
    const { counts } = await resume('--out', out)
    expect(counts).toMatchObject({ cached: stopped.counts.run, waiting: 0 })
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(1 + pairs)
    expect(lines[0]).toMatch(/^variant,shape,status,reason,isCached,startedAt,/)
  })
})
