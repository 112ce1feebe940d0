import { ok, type Result } from '#contract/error.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import { KernelOps, type RunnableOp } from './kernel-ops.ts'
import type { DataRequest } from './operands.ts'
import { Sequences } from './sequences.ts'
import type { Trial } from './trial.ts'

/** Everything of a shape but its element type: variants of several types are run on it in turn. */
const extentOf = (shape: Shape) => formatShape({ ...shape, dtype: 'f16' })

/**
 * What the runs of a sweep share: every kernel's ops, and the operands, the truth and the baseline of the present shape.
 * Device buffers are never shared: a kernel that writes where it should only read would be another's error.
 */
export class RunCache {
  /** Random numbers that were drawn: every shape begins with the same ones. */
  readonly sequences = new Sequences()
  readonly #device: DeviceHandle
  readonly #ops = new Map<string, KernelOps>()
  readonly #trials = new Map<string, Trial>()
  readonly #baselines = new Map<string, RunnableOp>()
  #extent = ''

  constructor(device: DeviceHandle) {
    this.#device = device
  }

  /** The ops of a kernel as its text and its manifest entry are now. They stay the cache's to free. */
  opsOf(kernel: ResolvedKernel, tier: string | undefined): KernelOps {
    const key = JSON.stringify([kernel.id, kernel.sourceHash, kernel.entryHash, tier])
    const ops = this.#ops.get(key) ?? new KernelOps(this.#device, kernel, { tier })
    this.#ops.set(key, ops)
    return ops
  }

  /** A trial of a shape; those of another shape are forgotten. */
  async trialOf(shape: Shape, request: DataRequest, make: () => Promise<Result<Trial>>): Promise<Result<Trial>> {
    this.#turnTo(shape)
    const key = JSON.stringify([shape.dtype, request.data, request.seed, request.biasScale, request.scale])
    const known = this.#trials.get(key)
    if (known) return ok(known)
    const made = await make()
    if (made.ok) this.#trials.set(key, made.value)
    return made
  }

  /** The baseline's op for a shape; those of another shape are freed. */
  async baselineOf(shape: Shape, make: () => Promise<Result<RunnableOp>>): Promise<Result<RunnableOp>> {
    this.#turnTo(shape)
    const known = this.#baselines.get(shape.dtype)
    if (known) return ok(known)
    const made = await make()
    if (made.ok) this.#baselines.set(shape.dtype, made.value)
    return made
  }

  /** Frees everything; a lost device is left alone. */
  end(): void {
    this.#trials.clear()
    if (this.#device.isLost) return
    this.#freeBaselines()
    for (const ops of this.#ops.values()) ops.destroy()
    this.#ops.clear()
  }

  #turnTo(shape: Shape): void {
    const extent = extentOf(shape)
    if (extent === this.#extent) return
    this.#extent = extent
    this.#trials.clear()
    if (!this.#device.isLost) this.#freeBaselines()
  }

  #freeBaselines(): void {
    for (const { op } of this.#baselines.values()) op.destroy()
    this.#baselines.clear()
  }
}
