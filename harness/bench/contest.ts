import { ok, type Result } from '#contract/error.ts'
import type { ErrorSummary } from '#contract/row.ts'
import type { BoundOp } from '../verify/bound-op.ts'
import { isWithinBound } from '../verify/judge-output.ts'
import type { RunnableOp } from '../verify/kernel-ops.ts'
import { OperandBuffers } from '../verify/operand-buffers.ts'
import type { Leftover } from '../verify/poison.ts'
import { runBound, type Trial, type TrialOutcome } from '../verify/trial.ts'
import type { RunContext } from '../verify/types.ts'
import type { MeasuredArm } from './measure.ts'

/** Who takes part. */
export interface Contestants {
  kernel: RunnableOp
  baseline: RunnableOp | null
}

interface BoundSet {
  buffers: OperandBuffers
  kernel: BoundOp
  baseline: BoundOp | null
}

/** An output judged: its error, and what is wrong with it in one sentence. */
export interface Judgement {
  error: ErrorSummary
  problem: string | null
}

/** Kernel and baseline on the same operands, in one or more sets of buffers. The first set is the one that is judged. */
export class Contest {
  readonly #context: RunContext
  readonly #trial: Trial
  readonly #contestants: Contestants
  readonly #sets: BoundSet[] = []

  constructor(context: RunContext, trial: Trial, contestants: Contestants) {
    this.#context = context
    this.#trial = trial
    this.#contestants = contestants
  }

  get hasBaseline(): boolean {
    return this.#contestants.baseline !== null
  }

  /** One more copy of the operands. */
  async addSet(): Promise<Result<void>> {
    const buffers = new OperandBuffers(this.#context.device, this.#trial.operands)
    const kernel = await buffers.bind(this.#contestants.kernel)
    const baseline = this.#contestants.baseline ? await buffers.bind(this.#contestants.baseline) : ok(null)
    if (!kernel.ok || !baseline.ok) {
      buffers.destroy()
      return kernel.ok ? (baseline as Result<never>) : kernel
    }
    const set = { buffers, kernel: kernel.value, baseline: baseline.value }
    this.#sets.push(set)
    for (const op of [set.kernel, set.baseline]) {
      const reset = op?.reset()
      if (reset && !reset.ok) return reset
    }
    return ok(undefined)
  }

  /** Runs the kernel once on the first set, over poison or numbers, and judges it. */
  judgeKernel(leftover: Leftover): Promise<Result<Judgement>> {
    return this.#judge(this.#sets[0]!.kernel, leftover)
  }

  /** Null when there is no baseline. */
  async judgeBaseline(leftover: Leftover): Promise<Result<Judgement> | null> {
    const bound = this.#sets[0]!.baseline
    return bound && (await this.#judge(bound, leftover))
  }

  /** Goes on without a baseline that cannot run. */
  dropBaseline(): void {
    this.#contestants.baseline = null
    for (const set of this.#sets) set.baseline = null
  }

  /** The kernel, and the baseline where there is one, on the first sets or all. */
  arms(sets = this.#sets.length): MeasuredArm[] {
    const used = this.#sets.slice(0, sets)
    const kernel = used.map((set) => set.kernel.dispatch)
    const baseline = used.flatMap((set) => (set.baseline ? [set.baseline.dispatch] : []))
    return baseline.length > 0 ? [kernel, baseline] : [kernel]
  }

  armName(arm: number): string {
    return arm === 1 ? 'baseline' : 'kernel'
  }

  /** Frees the buffers; those of a lost device may still be written to and are left. */
  end(): void {
    if (this.#context.device.isLost) return
    for (const { buffers } of this.#sets) buffers.destroy()
    this.#sets.length = 0
  }

  async #judge(op: BoundOp, leftover: Leftover): Promise<Result<Judgement>> {
    const outcome = await runBound(this.#context, this.#trial, { op, buffers: this.#sets[0]!.buffers, leftover })
    return outcome.ok ? ok({ error: outcome.value.error, problem: problemOf(outcome.value) }) : outcome
  }
}

/** What is wrong with an outcome, or null: elements not written, outside the bound, or memory outside a buffer written. */
export function problemOf({ error, damage, output }: TrialOutcome): string | null {
  if (error.unwritten > 0) return `${error.unwritten} of ${output.length} outputs were never written`
  const first = damage[0]
  if (first)
    return `${first.bytesDamaged} bytes outside ${first.name} were written, the first at byte ${first.firstOffset}`
  if (isWithinBound(error)) return null
  const actual = error.actual ?? 'not a finite number'
  return `output ${error.worstIndex} is ${actual}, expected ${error.expected}: ${error.bound.toPrecision(3)} times the allowed error`
}
