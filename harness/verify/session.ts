import { fail, ok, type Result } from '#contract/error.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import type { Subject } from './gates.ts'
import { KernelOps, type OpsOptions, openBaseline, type RunnableOp } from './kernel-ops.ts'
import { effectiveShape } from './operands.ts'
import type { RunContext, RunHooks, RunTarget } from './types.ts'

interface SessionQuery {
  target: RunTarget
  shape: Shape
  /** The kernel's ops are made for analysing, and cannot be timed. */
  isAnalysed?: boolean
  /** The one tier in which the kernel's ops run. */
  tier?: string | undefined
}

interface SessionChoice {
  kernel: ResolvedKernel
  shape: Shape
  options: OpsOptions
}

/** A kernel chosen for a shape, with its ops and the baseline's, for as long as one run lasts. */
export class RunSession {
  readonly kernel: ResolvedKernel
  readonly ops: KernelOps
  /** The shape as it is run: in the kernel's element type, with the beta that its flags mean. */
  readonly shape: Shape
  readonly #context: RunContext
  readonly #hasOwnOps: boolean
  readonly #opsInTier = new Map<string, KernelOps>()
  readonly #baselines = new Map<string, RunnableOp>()
  readonly #stopListening: () => void

  private constructor(context: RunContext, hooks: RunHooks, chosen: SessionChoice) {
    this.#context = context
    this.kernel = chosen.kernel
    this.shape = chosen.shape
    const { isAnalysed, tier } = chosen.options
    const shared = isAnalysed ? undefined : context.cache?.opsOf(chosen.kernel, tier)
    this.ops = shared ?? new KernelOps(context.device, chosen.kernel, chosen.options)
    this.#hasOwnOps = shared === undefined
    const cancel = () => context.device.cancel()
    hooks.signal.addEventListener('abort', cancel)
    this.#stopListening = () => hooks.signal.removeEventListener('abort', cancel)
  }

  /**
   * Finds the kernel. A kernel has one element type, and the shape takes it. A manifest's flags are not asked: whoever
   * names a variant and a shape sees what comes of it.
   */
  static begin(context: RunContext, hooks: RunHooks, query: SessionQuery): Result<RunSession> {
    const kernel = resolveTarget(context.workspace, query.target, { mayBeOutside: true })
    if (!kernel.ok) return kernel
    const shape = effectiveShape({ ...query.shape, dtype: kernel.value.dtype })
    return ok(
      new RunSession(context, hooks, {
        kernel: kernel.value,
        shape,
        options: { isAnalysed: query.isAnalysed, tier: query.tier },
      }),
    )
  }

  /** The kernel as something to judge. */
  get kernelSubject(): Subject {
    return { name: this.kernel.id, open: (shape, padding) => this.ops.open(shape, padding) }
  }

  /** The kernel as something to judge in one tier of the device. */
  kernelSubjectIn(tier: string): Subject {
    const { kernel } = this
    const ops = this.#opsInTier.get(tier) ?? new KernelOps(this.#context.device, kernel, { tier })
    this.#opsInTier.set(tier, ops)
    return { name: kernel.id, tier, open: (shape, padding) => ops.open(shape, padding) }
  }

  /** Compiler and flags of the first op that was made, whichever tier it is for; '' before that. */
  get compiled(): { compiler: string; flagsUsed: string } {
    const all = [this.ops, ...this.#opsInTier.values()]
    return all.find(({ compiler, flagsUsed }) => compiler !== '' && flagsUsed !== '') ?? this.ops
  }

  /** The device's baseline as something to judge. */
  get baselineSubject(): Subject {
    return { name: this.#context.device.info.baseline ?? 'baseline', open: (shape) => this.openBaseline(shape) }
  }

  async openBaseline(shape: Shape): Promise<Result<RunnableOp>> {
    const key = formatShape(shape)
    const known = this.#baselines.get(key)
    if (known) return ok(known)
    const { cache, device } = this.#context
    if (cache) return cache.baselineOf(shape, () => openBaseline(device, shape))
    const made = await openBaseline(device, shape)
    if (made.ok) this.#baselines.set(key, made.value)
    return made
  }

  /** Frees what the run held. A lost device is left alone: its memory may still be written to. */
  end(): void {
    this.#stopListening()
    if (this.#context.device.isLost) return
    for (const ops of [...(this.#hasOwnOps ? [this.ops] : []), ...this.#opsInTier.values()]) ops.destroy()
    for (const { op } of this.#baselines.values()) op.destroy()
    this.#baselines.clear()
  }
}

/** The error of a run that was asked to stop, or null. */
export function cancelledBy(hooks: RunHooks): Result<never> | null {
  return hooks.signal.aborted ? fail({ kind: 'cancelled', message: 'cancelled' }) : null
}
