import type { Result } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import {
  countCells,
  isSweepActive,
  type SweepCell,
  type SweepCounts,
  type SweepFigures,
  type SweepOptions,
  type SweepProgress,
  type SweepState,
  type SweepStatus,
} from '#contract/sweep.ts'
import { finalistsOf, rivalsOfShape } from '#contract/sweep-best.ts'
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
   * none of the pair's: no other could be run either. `isAgain`: for as long as a bench by itself, and its row says so.
   */
  bench(run: PlannedRun, isAgain: boolean): Promise<Result<BenchedPair | null>>
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

type ShownRow = Pick<KnownRow, 'row' | 'isCached'>

function shownOf({ row, isCached }: ShownRow) {
  const kernelNs = row.kernel?.gpuNs ?? row.kernel?.cpuNs
  const baselineNs = row.baseline.gpuNs ?? row.baseline.cpuNs
  const { missing } = row.baseline
  const why = row.verdictReason ?? (missing === undefined ? undefined : `there is no baseline: ${missing}`)
  const figures: SweepFigures = {
    isCached,
    measuredAt: row.startedAt,
    ...(row.ratio ? { ratio: row.ratio } : {}),
    ...(row.verdict ? { verdict: row.verdict } : {}),
    ...(why === undefined ? {} : { verdictReason: why }),
    ...(kernelNs === undefined ? {} : { kernelNs }),
    ...(baselineNs === undefined ? {} : { baselineNs }),
  }
  return { state: row.status, rowId: row.id, ...figures, ...(row.reason === undefined ? {} : { reason: row.reason }) }
}

/** A cell that shows a row, and the row of its second measurement. */
export function cellOfRow(cell: SweepCell, known: ShownRow & { again?: ShownRow | undefined }): SweepCell {
  const { row, isCached, again } = known
  return {
    ...{ variant: cell.variant, shape: cell.shape, ...shownOf(known) },
    claim: isCached ? weaker(row.claim, cell.claim) : row.claim,
    ...(cell.layout ? { layout: cell.layout } : {}),
    ...(again ? { again: shownOf(again) } : {}),
  }
}

/**
 * A sweep: runs the pairs of a matrix one after the other, each as an ordinary bench, shape by shape, so that the
 * variants of a shape are measured close to each other. When a shape is through, the fastest of it in each element type
 * are measured once more: the least of many noisy ratios is too low as a rule. Ends finished or cancelled, or stops without an end when the
 * process is about to be replaced.
 */
export class Sweep {
  readonly #start: SweepStart
  readonly #host: SweepHost
  readonly #cells: SweepCell[]
  #counts: SweepCounts
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
    for (const { again, ...known } of start.known.values())
      for (const { sampledNs, isCached } of again ? [known, again] : [known])
        if (!isCached) addPhases(this.#phaseNs, { [sampling]: sampledNs })
    this.#counts = countCells(this.#cells)
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
    let turn = 0
    for (const shape of this.#start.planned.matrix.shapes.keys()) {
      for (; this.isRunning && turn < order.length && this.#cells[order[turn]!]!.shape === shape; turn++) {
        await this.#prepareFrom(order, turn)
        if (this.isRunning && (await this.#runPair(order[turn]!))) return
      }
      if (await this.#runFinal(shape)) return
    }
    if (this.isActive) this.#state = this.isRunning ? 'finished' : 'cancelled'
    this.#tell([])
  }

  #fail(reason: string): void {
    if (!this.isRunning) return
    this.#state = 'failed'
    this.#reason = reason
  }

  /** Measures those once more that a shape's winner is among; true when this process cannot go on. */
  async #runFinal(shape: number): Promise<boolean> {
    const rivals = rivalsOfShape({ ...this.#start.planned.matrix, cells: this.#cells }, shape)
    for (const { variant, again } of rivals.flatMap(({ cells }) => finalistsOf(cells))) {
      if (again) continue
      if (!this.isRunning) return false
      const at = this.#cells.findIndex((cell) => cell.shape === shape && cell.variant === variant)
      const benched = await this.#host.bench(this.#start.planned.runs[at]!, true)
      if (!benched.ok) this.#fail(benched.error.message)
      if (!benched.ok) return false
      if (benched.value === null) return true
      const { row, phaseNs } = benched.value
      addPhases(this.#phaseNs, phaseNs)
      if (row.status !== 'cancelled') this.#set(at, { ...this.#cells[at]!, again: shownOf({ row, isCached: false }) })
    }
    return false
  }

  /** True when this process cannot go on. */
  async #runPair(at: number): Promise<boolean> {
    const waiting = this.#cells[at]!
    this.#set(at, { ...waiting, state: 'running' })
    const benched = await this.#host.bench(this.#start.planned.runs[at]!, false)
    if (!benched.ok) {
      this.#put(at, waiting)
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
    this.#put(at, cell)
    this.#tell([cell])
  }

  /** Counts what changes: to count all cells at every change would take longer the more there are. */
  #put(at: number, cell: SweepCell): void {
    const [before, after] = [countCells([this.#cells[at]!]), countCells([cell])]
    const names = Object.keys(after) as (keyof SweepCounts)[]
    const sums = names.map((name) => [name, this.#counts[name] - before[name] + after[name]])
    this.#counts = Object.fromEntries(sums) as SweepCounts
    this.#cells[at] = cell
  }

  #tell(cells: SweepCell[]): void {
    this.#host.changed({ ...this.#progress(), cells })
  }

  #progress(): SweepProgress {
    return {
      sweepId: this.#start.sweepId,
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      counts: this.#counts,
      elapsedNs: Math.round((this.#host.now() - Date.parse(this.#start.startedAt)) * 1e6),
      measuringNs: this.#phaseNs[sampling] ?? 0,
      phaseNs: { ...this.#phaseNs },
    }
  }
}
