import type { Result } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import {
  countCells,
  isSweepActive,
  type SweepCell,
  type SweepOptions,
  type SweepProgress,
  type SweepState,
  type SweepStatus,
} from '#contract/sweep.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import { addPhases, type PhaseTimes, sampling } from './phase-clock.ts'
import type { PlannedMatrix } from './plan-matrix.ts'
import type { KnownRow } from './stored-rows.ts'

/** What came of a pair, and where its time went. */
export interface BenchedPair {
  row: Row
  phaseNs: PhaseTimes
}

/** What a sweep needs of the process it runs in. */
export interface SweepHost {
  /**
   * Benches one pair when nothing else runs and keeps its row; null when this process is about to be replaced. A failure is
   * none of the pair's: no other could be run either.
   */
  bench(run: PlannedRun): Promise<Result<BenchedPair | null>>
  /** Compiles ahead for runs while nothing else runs, and resolves when nothing of it is at work any more. */
  prepare(runs: readonly PlannedRun[]): Promise<void>
  /** Tells what changed. */
  changed(progress: SweepProgress & { cells: SweepCell[] }): void
  /** Milliseconds since 1970. */
  now(): number
}

/** Kernels that are compiled at once: enough for every processor, few enough that the first row comes soon. */
const preparedAtOnce = 8

/** What a sweep begins with. */
export interface SweepStart {
  sweepId: string
  options: SweepOptions
  /** ISO. */
  startedAt: string
  planned: PlannedMatrix
  /** Rows that stand in for running a pair, by the position of its cell. */
  known: ReadonlyMap<number, KnownRow>
}

const kernelOf = ({ variant, build }: PlannedRun) => JSON.stringify([variant, build])

/** What stands behind a cached row: no more than stood behind it when it was measured, and no more than does today. */
function weaker(then: Row['claim'], today: Row['claim'] = 'none'): Row['claim'] {
  if (today === 'none') return 'none'
  return then === 'proven' ? today : 'claimed'
}

/** A cell that shows a row. */
export function cellOfRow(cell: SweepCell, { row, isCached }: Pick<KnownRow, 'row' | 'isCached'>): SweepCell {
  const { variant, shape } = cell
  const kernelNs = row.kernel?.gpuNs ?? row.kernel?.cpuNs
  const baselineNs = row.baseline.gpuNs ?? row.baseline.cpuNs
  return {
    ...{ variant, shape, state: row.status, rowId: row.id, isCached, measuredAt: row.startedAt },
    claim: isCached ? weaker(row.claim, cell.claim) : row.claim,
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    ...(row.ratio ? { ratio: row.ratio } : {}),
    ...(row.verdict ? { verdict: row.verdict } : {}),
    ...(kernelNs === undefined ? {} : { kernelNs }),
    ...(baselineNs === undefined ? {} : { baselineNs }),
  }
}

/**
 * A sweep: runs the pairs of a matrix one after the other, each as an ordinary bench, shape by shape, so that the
 * variants of a shape are measured close to each other. Ends finished or cancelled, or stops without an end when the
 * process is about to be replaced.
 */
export class Sweep {
  readonly #start: SweepStart
  readonly #host: SweepHost
  readonly #cells: SweepCell[]
  /** Kernels that were compiled ahead, or tried. */
  readonly #prepared = new Set<string>()
  #state: SweepState = 'running'
  #reason: string | undefined
  #phaseNs: PhaseTimes = {}

  constructor(start: SweepStart, host: SweepHost) {
    this.#start = start
    this.#host = host
    this.#cells = start.planned.matrix.cells.map((cell, at) => {
      const known = start.known.get(at)
      return known ? cellOfRow(cell, known) : cell
    })
    // Of rows that a process measured which is gone nothing more is known than their samples.
    for (const { sampledNs, isCached } of start.known.values())
      if (!isCached) addPhases(this.#phaseNs, { [sampling]: sampledNs })
  }

  get sweepId(): string {
    return this.#start.sweepId
  }

  /** False once it has ended. */
  get isActive(): boolean {
    return isSweepActive(this.#state)
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  status(): SweepStatus {
    const { options, startedAt, planned } = this.#start
    return { ...this.#progress(), options, startedAt, matrix: { ...planned.matrix, cells: [...this.#cells] } }
  }

  /** No further pair is begun; the one that runs is for its bench to end, and may never be heard of again. */
  cancel(): void {
    if (!this.isRunning) return
    this.#state = 'cancelling'
    const at = this.#cells.findIndex(({ state }) => state === 'running')
    if (at >= 0) this.#set(at, { ...this.#cells[at]!, state: 'waiting' })
    else this.#tell([])
  }

  /** Resolves when the sweep has ended, or when this process cannot go on with it. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#runAll()
    } catch (thrown) {
      console.error(thrown)
      this.#fail(`a sweep failed inside the kernel host: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      this.#tell([])
    }
  }

  async #runAll(): Promise<void> {
    this.#tell(this.#cells.filter(({ rowId }) => rowId !== undefined))
    const order = this.#order()
    for (const [turn, at] of order.entries()) {
      await this.#prepareFrom(order, turn)
      if (!this.isRunning) break
      const isGone = await this.#runPair(at)
      if (isGone) return
    }
    if (this.isActive) this.#state = this.isRunning ? 'finished' : 'cancelled'
    this.#tell([])
  }

  #fail(reason: string): void {
    if (!this.isRunning) return
    this.#state = 'failed'
    this.#reason = reason
  }

  async #runPair(at: number): Promise<boolean> {
    const waiting = this.#cells[at]!
    this.#set(at, { ...waiting, state: 'running' })
    const benched = await this.#host.bench(this.#start.planned.runs[at]!)
    if (!benched.ok) {
      this.#cells[at] = waiting
      this.#fail(benched.error.message)
      return false
    }
    if (benched.value === null) return true
    const { row, phaseNs } = benched.value
    addPhases(this.#phaseNs, phaseNs)
    // A cancelled pair has not been measured: it is still to be done.
    const isDone = row.status !== 'cancelled' || this.isRunning
    this.#set(at, isDone ? cellOfRow(waiting, { row, isCached: false }) : waiting)
    return false
  }

  /** When the kernel of the pair whose turn it is was not compiled yet: it and those of the pairs after it. */
  async #prepareFrom(order: readonly number[], turn: number): Promise<void> {
    const batch = new Map<string, PlannedRun>()
    for (let next = turn; next < order.length && batch.size < preparedAtOnce; next++) {
      const run = this.#start.planned.runs[order[next]!]!
      const isPrepared = this.#prepared.has(kernelOf(run))
      if (next === turn && isPrepared) return
      if (!isPrepared && !batch.has(kernelOf(run))) batch.set(kernelOf(run), run)
    }
    for (const kernel of batch.keys()) this.#prepared.add(kernel)
    const begin = this.#host.now()
    await this.#host.prepare([...batch.values()])
    addPhases(this.#phaseNs, { 'compile ahead': (this.#host.now() - begin) * 1e6 })
  }

  /** Waiting cells, shape by shape. */
  #order(): number[] {
    const waiting = [...this.#cells.keys()].filter((at) => this.#cells[at]!.state === 'waiting')
    return waiting.sort((a, b) => this.#cells[a]!.shape - this.#cells[b]!.shape || a - b)
  }

  #set(at: number, cell: SweepCell): void {
    this.#cells[at] = cell
    this.#tell([cell])
  }

  #tell(cells: SweepCell[]): void {
    this.#host.changed({ ...this.#progress(), cells })
  }

  #progress(): SweepProgress {
    return {
      sweepId: this.#start.sweepId,
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      counts: countCells(this.#cells),
      elapsedNs: Math.round((this.#host.now() - Date.parse(this.#start.startedAt)) * 1e6),
      measuringNs: this.#phaseNs[sampling] ?? 0,
      phaseNs: { ...this.#phaseNs },
    }
  }
}
