import type { Diagnostic } from '#contract/diagnostic.ts'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import type { OpHandle } from '../bridge/op-handle.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import type { LaunchPlan, ResolvedKernel, RowPadding } from '../catalog/types.ts'

/** An op and how to drive it for one shape. */
export interface RunnableOp {
  name: string
  op: OpHandle
  plan: LaunchPlan
}

/** How ops are made. */
export interface OpsOptions {
  /** For watching: they cannot be timed. */
  isAnalysed?: boolean | undefined
  /** The one tier in which they run; else the device chooses. */
  tier?: string | undefined
}

/** The ops of one kernel on one device: compiled once, made runnable once for each entry and set of constants. */
export class KernelOps {
  readonly kernel: ResolvedKernel
  readonly #device: DeviceHandle
  readonly #options: OpsOptions
  #module: ModuleHandle | null = null
  readonly #ops = new Map<string, OpHandle>()
  readonly #refusals = new Map<string, LabError>()
  readonly #tiers = new Set<string>()

  constructor(device: DeviceHandle, kernel: ResolvedKernel, options: OpsOptions = {}) {
    this.#device = device
    this.kernel = kernel
    this.#options = options
  }

  /** Id and version of the compiler; '' before the first op. For the device's own baseline what the device compiles with. */
  get compiler(): string {
    return this.kernel.usesDeviceBaseline ? this.#device.info.driver : (this.#module?.compiler ?? '')
  }

  /** Compiler flags of the first op; '' before it. For the device's own baseline its library and version. */
  get flagsUsed(): string {
    if (this.kernel.usesDeviceBaseline) return this.#device.info.baseline ?? ''
    const [first] = this.#ops.values()
    return first?.info.flagsUsed ?? ''
  }

  /**
   * Compiles what the shape needs, in the tier in which it will stay: what is verified is then what is timed.
   * `unsupported` when the launch declaration excludes it, `compile` with diagnostics. `padding` as paddingFor allows it.
   */
  async open(shape: Shape, padding?: RowPadding): Promise<Result<RunnableOp>> {
    const plan = planLaunch(this.kernel, shape, padding)
    if (!plan.ok) return plan
    const key = this.kernel.usesDeviceBaseline
      ? JSON.stringify(shape)
      : JSON.stringify([plan.value.entry, plan.value.constants])
    this.#noteTiers()
    const known = this.#ops.get(key)
    if (known) return ok({ name: this.kernel.id, op: known, plan: plan.value })
    const refusal = this.#refusals.get(key)
    if (refusal) return fail(refusal)
    const made = this.kernel.usesDeviceBaseline
      ? await this.#device.createBaseline(shape)
      : await this.#createOp(plan.value)
    if (!made.ok) {
      if (made.error.kind === 'unsupported') this.#refusals.set(key, made.error)
      return made
    }
    const settled = await made.value.settle()
    if (!settled.ok) {
      made.value.destroy()
      return settled
    }
    this.#ops.set(key, made.value)
    return ok({ name: this.kernel.id, op: made.value, plan: plan.value })
  }

  /** Every tier in which an op has run, as it stood between one open() and the next; sorted. */
  get tiers(): string[] {
    this.#noteTiers()
    return [...this.#tiers].filter((tier) => tier !== '').sort()
  }

  #noteTiers(): void {
    for (const op of this.#ops.values()) this.#tiers.add(op.info.tier)
  }

  destroy(): void {
    for (const op of this.#ops.values()) op.destroy()
    this.#ops.clear()
    this.#module?.destroy()
    this.#module = null
  }

  #inTier<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const { tier } = this.#options
    return tier === undefined ? work() : this.#device.inTier(tier, work)
  }

  async #createOp(plan: LaunchPlan): Promise<Result<OpHandle>> {
    if (!this.#module) {
      const { source, path, includeRoots } = this.kernel
      // Compiling the entry finds the same errors as the check would: checking first would only cost its time.
      const made = await this.#inTier(() => this.#device.createModule({ source, path, includeRoots, check: false }))
      if (!made.ok) return made
      if (!made.value.report.ok) {
        const error = compileError(made.value.report.diagnostics, 'the source did not compile')
        made.value.destroy()
        return fail(error)
      }
      this.#module = made.value
    }
    const op = await this.#module.createOp({
      entry: plan.entry,
      constants: plan.constants,
      analyse: this.#options.isAnalysed ?? false,
    })
    return op.ok || op.error.kind !== 'compile' ? op : fail(compileError(op.error.diagnostics, op.error.message))
  }
}

/** Its message is the first error with its place: a row and a failed gate show no more of it. */
function compileError(diagnostics: Diagnostic[], otherwise: string): LabError {
  const first = diagnostics.find((d) => d.severity === 'error')
  const message = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : otherwise
  return { kind: 'compile', message, diagnostics }
}

/** The device's own matmul for a shape. `missing-tool` or `unsupported` when it has none. */
export async function openBaseline(device: DeviceHandle, shape: Shape): Promise<Result<RunnableOp>> {
  const made = await device.createBaseline(shape)
  if (!made.ok) return made
  const roles = shape.bias ? (['A', 'B', 'C', 'bias'] as const) : (['A', 'B', 'C'] as const)
  return ok({
    name: device.info.baseline ?? made.value.info.name,
    op: made.value,
    plan: {
      entry: '',
      grid: [1, 1, 1],
      gridIsThreads: false,
      threads: [1, 1, 1],
      threadgroupMemory: [],
      constants: [],
      args: roles.map((role, index) => ({ index, role })),
      isOutputSeparate: false,
      isATransposed: shape.tA,
      isBTransposed: shape.tB,
    },
  })
}
