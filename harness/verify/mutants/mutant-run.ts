import type { AnalysisDocument } from '#contract/analysis.ts'
import type { LabError } from '#contract/error.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Mutant } from '#contract/mutant.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../../bridge/device-handle.ts'
import type { ResolvedKernel } from '../../catalog/types.ts'
import { judgeOutcome } from '../gates.ts'
import { judgeOutput } from '../judge-output.ts'
import { KernelOps } from '../kernel-ops.ts'
import type { Trial } from '../trial.ts'
import { briefly, hashOutput, watchedChecks, watchTrial } from '../watch.ts'
import { workOf } from '../work.ts'
import { kernelWith } from './kernel-files.ts'
import type { MutantSource, SourceFile } from './mutate.ts'

/** Which gate noticed a mutant, and where. */
export interface Kill {
  gate: string
  shape: string
  seed: number
  reason?: string
}

/** A mutant has far longer than the kernel takes; the device then ends its thread. The part by work is per multiply-add. */
const timeout = { leastMs: 3000, byWorkMs: 3e-4 }

/** A mutant with what is known about it. */
export class MutantRun {
  readonly source: MutantSource
  /** Flags whose gates noticed it. */
  readonly kills = new Map<Flag, Kill>()
  /** Flags for which nothing that was watched runs the line that it is in. */
  readonly unreached = new Set<Flag>()
  /** Inputs of a flag on which it was compared with the kernel, and on how many its bits differed, though allowed to. */
  readonly compared = new Map<Flag, { inputs: number; differing: number }>()
  /** Builds of the kernel in which it was run, and whether it compiles to the kernel's own code there. */
  readonly builds = new Map<string, boolean>()
  /** It does not compile, or cannot be launched: no kernel that anyone could have. */
  isInvalid = false
  readonly #kernel: ResolvedKernel
  readonly #release: () => void
  readonly #ops = new Map<DeviceHandle, KernelOps>()

  constructor(source: MutantSource, kernel: ResolvedKernel, files: readonly SourceFile[]) {
    this.source = source
    const made = kernelWith(kernel, source, files)
    this.#kernel = made.kernel
    this.#release = made.release
  }

  /** Whether a shape runs an entry that the fault can be reached from. */
  reaches(shape: Shape): boolean {
    return this.source.entries.includes(this.#kernel.entryFor(shape))
  }

  #opsOn(device: DeviceHandle): KernelOps {
    const known = this.#ops.get(device) ?? new KernelOps(device, this.#kernel, { isAnalysed: true })
    this.#ops.set(device, known)
    return known
  }

  /** Whether a flag's gates still have to notice it. */
  isOpen(flag: Flag): boolean {
    return !this.isInvalid && !this.kills.has(flag) && !this.unreached.has(flag)
  }

  /** Runs it under watch on a trial: who noticed it, if anyone, and hashes of what it wrote and of its code. */
  async watch(
    device: DeviceHandle,
    trial: Trial,
    schedule: number,
  ): Promise<{ kill: Kill | null; bits: string; code: string }> {
    const at = { shape: formatShape(trial.shape), seed: trial.request.seed }
    const runnable = await this.#opsOn(device).open(trial.shape)
    if (!runnable.ok) return { kill: this.#refused(runnable.error, at), bits: '', code: '' }
    const timeoutMs = timeout.leastMs + timeout.byWorkMs * workOf(this.#kernel, trial.shape)
    const pass = { checks: watchedChecks, schedule, timeoutMs }
    const seen = await watchTrial(device, { trial, runnable: runnable.value }, pass)
    if (!seen.ok) return { kill: this.#refused(seen.error, at), bits: '', code: '' }
    const { output, document } = seen.value
    const bits = hashOutput(output)
    const { code } = document
    const found = this.#firstFinding(document)
    if (found) return { kill: { gate: 'sanitizer', ...at, reason: found }, bits, code }
    const error = judgeOutput(trial.shape, trial.truth, output)
    const failed = judgeOutcome(trial, { output, error, damage: [] }).find(({ passed }) => !passed)
    return { kill: failed ? { gate: failed.gate, ...at } : null, bits, code }
  }

  #firstFinding({ findings }: AnalysisDocument): string | null {
    const [first] = findings
    return first ? briefly(first, this.#kernel.path) : null
  }

  /** A mutant that cannot be built is none; one that cannot be run as the kernel is has been noticed. */
  #refused({ kind, message }: LabError, at: { shape: string; seed: number }): Kill | null {
    if (kind === 'timeout' || kind === 'device-lost')
      return { gate: 'run', ...at, reason: 'it does not come to an end' }
    if (kind === 'compile' || kind === 'pipeline' || kind === 'unsupported') {
      this.isInvalid = true
      return null
    }
    return { gate: 'run', ...at, reason: message.replaceAll(/\s+/g, ' ') }
  }

  /** Notes that nobody noticed it on one of a flag's shapes. */
  compare(flag: Flag, isDifferent: boolean): void {
    const { inputs, differing } = this.compared.get(flag) ?? { inputs: 0, differing: 0 }
    this.compared.set(flag, { inputs: inputs + 1, differing: differing + (isDifferent ? 1 : 0) })
  }

  /** Its entry in the kill list of a flag. */
  verdict(flag: Flag, unnoticed: Pick<Mutant, 'outcome' | 'reason'>): Mutant {
    const { id, operator, name, line, change } = this.source
    const base = { id, operator, ...(name === undefined ? {} : { file: name }), line, change }
    const kill = this.kills.get(flag)
    if (kill) return { ...base, outcome: 'rejected', ...kill }
    return { ...base, ...unnoticed }
  }

  destroy(): void {
    for (const [device, ops] of this.#ops) if (!device.isLost) ops.destroy()
    this.#ops.clear()
    this.#release()
  }
}
