import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Formula, Launch } from '#contract/launch.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { LaunchEvaluation, PlanError } from './launch-evaluation.ts'
import { isOutputSeparate, planArgs } from './plan-args.ts'
import { rangeProblem } from './ranges.ts'
import { shapeNames } from './shape-names.ts'
import type { LaunchBinding, LaunchPlan, PlannedConstant, ResolvedKernel, RowPadding } from './types.ts'

const maxGrid = 2 ** 31 - 1
const maxThreads = 2 ** 16

function planConstants(launch: Launch, evaluation: LaunchEvaluation): PlannedConstant[] {
  return Object.entries(launch.constants).map(([key, formula]) => {
    const value = evaluation.value(formula, `constants ${key}`)
    const type = Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'i32' : 'f32'
    return /^\d+$/.test(key) ? { index: Number(key), type, value } : { name: key, type, value }
  })
}

function namesFor(
  binding: LaunchBinding,
  target: { shape: Shape; isBTransposed: boolean; where: string; padding?: RowPadding | undefined },
): LaunchEvaluation {
  const { launch, params } = binding
  const given = { ...launch.params, ...params }
  const { shape, isBTransposed, padding, where } = target
  const evaluation = new LaunchEvaluation({ ...given, ...shapeNames(shape, isBTransposed, padding) }, where)
  for (const [name, formula] of Object.entries(launch.derived)) {
    if (!Object.hasOwn(given, name)) evaluation.names[name] = evaluation.value(formula, `derived ${name}`)
  }
  return evaluation
}

/** The launch declaration of the entry that a shape runs. */
export function launchBindingFor(kernel: ResolvedKernel, shape: Shape): LaunchBinding {
  const own = kernel.launches[kernel.entryFor(shape)]
  return (
    own ?? { launch: kernel.launch, params: kernel.params, origin: kernel.usesDeviceBaseline ? 'baseline' : 'file' }
  )
}

/** Whether a launch hands alpha over: as it says itself, else as it mentions it. A kernel that is not told cannot scale. */
export function takesAlpha({ supports, args, constants, derived }: Launch): boolean {
  return supports.alpha ?? /\balpha\b/.test(JSON.stringify([args, constants, derived]))
}

/**
 * What a bare entry may not be asked to do, by its launch's `supports`. A variant's own flags rule instead; for alpha
 * the manifest has none, so that it is the launch that must hand it over.
 */
function capabilityRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  if (kernel.variant) {
    const isScaled = shape.alpha !== 1 && !kernel.usesDeviceBaseline
    return isScaled && !takesAlpha(launchBindingFor(kernel, shape).launch)
      ? 'alpha not supported by the launch declaration'
      : null
  }
  const { supports } = kernel.launch
  const asks: [keyof typeof supports, boolean][] = [
    ['transposeA', shape.tA],
    ['transposeB', shape.tB],
    ['batch', shape.batch > 1],
    ['bias', shape.bias],
    ['accumulate', shape.accumulate || shape.beta !== 0],
    ['alpha', shape.alpha !== 1],
    ['activation', shape.act !== 'none'],
  ]
  const refused = asks.find(([capability, isAsked]) => isAsked && !supports[capability])
  return refused ? `${refused[0]} not supported by the launch declaration` : null
}

/** Why the declaration itself refuses a shape (capabilities of a bare entry, element type, ranges), or null. */
export function launchRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  const refused = capabilityRefusal(kernel, shape)
  if (refused) return refused
  const binding = launchBindingFor(kernel, shape)
  const { launch, params } = binding
  if (!kernel.usesDeviceBaseline && launch.dtype !== shape.dtype)
    return `dtype=${shape.dtype} but the kernel is ${launch.dtype}`
  const names = { ...launch.params, ...params, ...shapeNames(shape) }
  return rangeProblem(launch.requires, { ...derivedFor(binding, { kernel, shape }), ...names })
}

/** Values of the derived names that a launch's `requires` asks about; none where one of its formulas fails: planning says why. */
function derivedFor(binding: LaunchBinding, { kernel, shape }: { kernel: ResolvedKernel; shape: Shape }) {
  const { derived, requires } = binding.launch
  if (!Object.keys(requires).some((name) => Object.hasOwn(derived, name))) return {}
  try {
    const isBTransposed = kernel.variant?.transposeBOverride ?? shape.tB
    return namesFor(binding, { shape, isBTransposed, where: kernel.id }).names
  } catch (error) {
    if (error instanceof PlanError) return {}
    throw error
  }
}

/**
 * Evaluates a kernel's launch declaration for a shape: entry, grid, bindings, constants. Nothing is run.
 * Fails with `unsupported` when the declaration excludes the shape and with `invalid` when a formula or its value is
 * wrong; both name the kernel, the shape and the formula. `padding` is for launches that hand it over (see paddingFor).
 */
export function planLaunch(kernel: ResolvedKernel, shape: Shape, padding?: RowPadding): Result<LaunchPlan> {
  const refusal = launchRefusal(kernel, shape)
  if (refusal)
    return fail({ kind: 'unsupported', message: `${kernel.id} cannot run ${formatShape(shape)}: ${refusal}` })
  const binding = launchBindingFor(kernel, shape)
  const isBTransposed = kernel.variant?.transposeBOverride ?? shape.tB
  try {
    return ok(planBinding(binding, { kernel, shape, isBTransposed, padding }))
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return fail({ kind: 'invalid', message: error.message })
  }
}

function planBinding(
  binding: LaunchBinding,
  target: { kernel: ResolvedKernel; shape: Shape; isBTransposed: boolean; padding: RowPadding | undefined },
): LaunchPlan {
  const { kernel, shape, isBTransposed, padding } = target
  const { launch } = binding
  const where = `launch of ${kernel.id} for ${formatShape(shape)}`
  const evaluation = namesFor(binding, { shape, isBTransposed, where, padding })
  const gridIsThreads = launch.gridThreads !== undefined
  const grid = launch.gridThreads ?? launch.threadgroups
  if (!grid || (launch.gridThreads && launch.threadgroups))
    return evaluation.refuse('give exactly one of threadgroups and gridThreads')
  return {
    entry: kernel.entryFor(shape),
    grid: evaluation.triple(grid, { what: gridIsThreads ? 'gridThreads' : 'threadgroups', most: maxGrid }),
    gridIsThreads,
    threads: evaluation.triple(launch.threads, { what: 'threads', most: maxThreads }),
    threadgroupMemory: launch.threadgroupMemory.map(({ index, bytes }) => ({
      index,
      bytes: evaluation.count(bytes, { what: `threadgroupMemory index ${index}`, least: 1, most: 2 ** 31 - 1 }),
    })),
    constants: planConstants(launch, evaluation),
    args: planArgs(launch, evaluation),
    isOutputSeparate: isOutputSeparate(launch, evaluation),
    isATransposed: shape.tA,
    isBTransposed,
    ...(padding ? { padding } : {}),
  }
}

/** Value of a formula under the names a kernel's launch has for a shape; null when it cannot be evaluated. */
export function evaluateForLaunch(kernel: ResolvedKernel, query: { shape: Shape; formula: Formula }): number | null {
  const binding = launchBindingFor(kernel, query.shape)
  try {
    const isBTransposed = kernel.variant?.transposeBOverride ?? query.shape.tB
    return namesFor(binding, { shape: query.shape, isBTransposed, where: kernel.id }).value(query.formula, 'formula')
  } catch (error) {
    if (error instanceof PlanError) return null
    throw error
  }
}
