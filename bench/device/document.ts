import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { goals } from './goals.ts'
import type { Measured } from './measure.ts'
import { notes, table, threadsInUse } from './report.ts'
import type { StopRule } from './rounds.ts'

/** What is said of a run beside its numbers. */
export interface RunFacts {
  /** As typed after the program. */
  command: string
  /** Device, compiler and OpenBLAS. */
  device: string
  /** Version, or why there is none. */
  pocl: string
  rule: StopRule
  start: Date
  /** Of the last minute, when the run began. */
  loadAtStart: number
}

/** Average number of runnable processes of the last minute. */
export const loadNow = () => loadavg()[0] ?? Number.NaN

/** The commit that is checked out, with a word when files differ from it. */
export function commit(): string {
  try {
    const root = join(import.meta.dirname, '..', '..')
    const git = (...parts: string[]) => execFileSync('git', parts, { cwd: root, encoding: 'utf8' }).trim()
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}

/** Processor, memory, system and Node of this machine. */
export function machine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const model = cpus()[0]?.model ?? 'unknown processor'
  return `${model}, ${cpus().length} processors, ${memory}; ${type()} ${release()}, Node ${process.versions.node}`
}

/** The document for docs/measurements. */
export function documentOf(all: readonly Measured[], facts: RunFacts): string {
  const { rule, start } = facts
  const seconds = Math.round((Date.now() - start.getTime()) / 1000)
  const [load, loadAtEnd] = [facts.loadAtStart.toFixed(2), loadNow().toFixed(2)]
  const remarks = notes(all)
  return [
    `# Kernels on the cpu device, every tier, ${start.toISOString().slice(0, 10)}`,
    '',
    `\`${facts.command}\` at commit ${commit()}, ${start.toISOString().slice(11, 16)} UTC, ${seconds} s.`,
    `${machine()}; ${facts.device}; PoCL: ${facts.pocl}.`,
    `Load average ${load} at the start, ${loadAtEnd} at the end (this measurement included).`,
    '',
    `Operands uniform in [-1, 1); every output is held to the derived bound before anything is timed. Ratios are medians of`,
    `ratios within a round, ± half of their 95 % interval; at least ${rule.leastRounds} rounds, then until the ratios of auto are known to`,
    `±${100 * rule.halfWidth} % or ${rule.budgetMs / 1000} s have passed. A/A: how far a sample typically is from the next one of the same row. bench/README.md`,
    'says what is equal on all sides. What watching a kernel costs beside fiber: `npm run bench -- analyse-overhead`.',
    '',
    goals(all),
    '',
    `Processor time ÷ elapsed time while running (512³), ${threadsInUse(all)}.`,
    '',
    table(all),
    ...(remarks.length > 0 ? ['', ...remarks.map((line) => `- ${line}`)] : []),
    '',
  ].join('\n')
}
