import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Formula, Launch, LaunchArg } from '#contract/launch.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { evaluateFormula, type FormulaNames } from './formula.ts'
import { rangeProblem } from './ranges.ts'
import { structLayout, writeScalar } from './scalar-bytes.ts'
import { shapeNames } from './shape-names.ts'
import type { LaunchBinding, LaunchPlan, PlannedArg, PlannedConstant, ResolvedKernel } from './types.ts'

const maxGrid = 2 ** 31 - 1
const maxThreads = 2 ** 16

/** Thrown inside this file only, so that twenty formulas need not be twenty branches. */
class PlanError extends Error {}

class LaunchEvaluation {
  readonly names: Record<string, number>
  private readonly where: string

  constructor(names: Record<string, number>, where: string) {
    this.names = names
    this.where = where
  }

  value(formula: Formula, what: string): number {
    const result = evaluateFormula(formula, this.names as FormulaNames)
    if (!result.ok) throw new PlanError(`${this.where}: ${what}: ${result.error.message}`)
    return result.value
  }

  count(formula: Formula, range: { what: string; least: number; most: number }): number {
    const value = this.value(formula, range.what)
    if (!Number.isInteger(value) || value < range.least || value > range.most) {
      this.refuse(
        `${range.what} is ${value}, but must be a whole number from ${range.least} to ${range.most} (formula "${formula}")`,
      )
    }
    return value
  }

  triple(formulas: readonly Formula[], range: { what: string; most: number }): [number, number, number] {
    const [x, y, z] = formulas.map((formula, at) =>
      this.count(formula, { what: `${range.what}.${'xyz'[at]}`, least: 1, most: range.most }),
    )
    return [x as number, y as number, z as number]
  }

  refuse(message: string): never {
    throw new PlanError(`${this.where}: ${message}`)
  }
}

function planFields(
  fields: { name?: string; type: Parameters<typeof structLayout>[0][number]; value: Formula }[],
  at: { index: number; evaluation: LaunchEvaluation },
): Uint8Array {
  const { offsets, bytes } = structLayout(fields.map((field) => field.type))
  const data = new Uint8Array(bytes)
  const view = new DataView(data.buffer)
  fields.forEach((field, position) => {
    const what = `args index ${at.index}, field ${field.name ?? position}`
    const value = at.evaluation.value(field.value, what)
    const written = writeScalar(view, offsets[position] as number, { type: field.type, value })
    if (!written.ok) at.evaluation.refuse(`${what}: ${written.error.message}`)
  })
  return data
}

function planArg(arg: LaunchArg, evaluation: LaunchEvaluation): PlannedArg {
  const { index } = arg
  if ('role' in arg) return { index, role: arg.role }
  if ('scratchBytes' in arg) {
    return {
      index,
      scratchBytes: evaluation.count(arg.scratchBytes, {
        what: `args index ${index}, scratchBytes`,
        least: 1,
        most: Number.MAX_SAFE_INTEGER,
      }),
    }
  }
  const fields = 'fields' in arg ? arg.fields : [{ type: arg.type, value: arg.value }]
  return { index, bytes: planFields(fields, { index, evaluation }) }
}

function planArgs(launch: Launch, evaluation: LaunchEvaluation): PlannedArg[] {
  const args = launch.args
    .filter((arg) => arg.when === undefined || evaluation.value(arg.when, `args index ${arg.index}, when`) !== 0)
    .map((arg) => planArg(arg, evaluation))
  const seen = new Set<number>()
  for (const { index } of args) {
    if (seen.has(index)) evaluation.refuse(`args give index ${index} twice for this shape`)
    seen.add(index)
  }
  return args.sort((a, b) => a.index - b.index)
}

function planConstants(launch: Launch, evaluation: LaunchEvaluation): PlannedConstant[] {
  return Object.entries(launch.constants).map(([key, formula]) => {
    const value = evaluation.value(formula, `constants ${key}`)
    const type = Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'i32' : 'f32'
    return /^\d+$/.test(key) ? { index: Number(key), type, value } : { name: key, type, value }
  })
}

function namesFor(
  binding: LaunchBinding,
  target: { shape: Shape; isBTransposed: boolean; where: string },
): LaunchEvaluation {
  const { launch, params } = binding
  const given = { ...launch.params, ...params }
  const evaluation = new LaunchEvaluation({ ...given, ...shapeNames(target.shape, target.isBTransposed) }, target.where)
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

/**
 * What a bare entry may not be asked to do, by its launch's `supports`. A variant's own flags rule instead; for alpha
 * the manifest has none, so that a launch that says it is ignored rules.
 */
function capabilityRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  if (kernel.variant) {
    const isIgnored = launchBindingFor(kernel, shape).launch.supports.alpha === false
    return isIgnored && shape.alpha !== 1 ? 'alpha not supported by the launch declaration' : null
  }
  const { supports } = kernel.launch
  const asks: [keyof typeof supports, boolean][] = [
    ['transposeA', shape.tA],
    ['transposeB', shape.tB],
    ['batch', shape.batch > 1],
    ['bias', shape.bias],
    ['accumulate', shape.accumulate || shape.beta !== 0],
    ['alpha', shape.alpha !== 1],
  ]
  const refused = asks.find(([capability, isAsked]) => isAsked && !supports[capability])
  return refused ? `${refused[0]} not supported by the launch declaration` : null
}

/** Why the declaration itself refuses a shape (capabilities of a bare entry, element type, ranges), or null. */
export function launchRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  const refused = capabilityRefusal(kernel, shape)
  if (refused) return refused
  const { launch, params } = launchBindingFor(kernel, shape)
  if (!kernel.usesDeviceBaseline && launch.dtype !== shape.dtype)
    return `dtype=${shape.dtype} but the kernel is ${launch.dtype}`
  return rangeProblem(launch.requires, { ...launch.params, ...params, ...shapeNames(shape) })
}

/**
 * Evaluates a kernel's launch declaration for a shape: entry, grid, bindings, constants. Nothing is run.
 * Fails with `unsupported` when the declaration excludes the shape and with `invalid` when a formula or its value is
 * wrong; both name the kernel, the shape and the formula.
 */
export function planLaunch(kernel: ResolvedKernel, shape: Shape): Result<LaunchPlan> {
  const refusal = launchRefusal(kernel, shape)
  if (refusal)
    return fail({ kind: 'unsupported', message: `${kernel.id} cannot run ${formatShape(shape)}: ${refusal}` })
  const binding = launchBindingFor(kernel, shape)
  const isBTransposed = kernel.variant?.transposeBOverride ?? shape.tB
  try {
    return ok(planBinding(binding, { kernel, shape, isBTransposed }))
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return fail({ kind: 'invalid', message: error.message })
  }
}

function planBinding(
  binding: LaunchBinding,
  target: { kernel: ResolvedKernel; shape: Shape; isBTransposed: boolean },
): LaunchPlan {
  const { kernel, shape, isBTransposed } = target
  const { launch } = binding
  const where = `launch of ${kernel.id} for ${formatShape(shape)}`
  const evaluation = namesFor(binding, { shape, isBTransposed, where })
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
    isATransposed: shape.tA,
    isBTransposed,
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
