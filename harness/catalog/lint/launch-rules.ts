import type { Problem } from '#contract/manifest.ts'
import { formatShape, type Shape, shapeSchema } from '#contract/shape.ts'
import { rejectReason } from '../filter.ts'
import { isDeviceBaseline } from '../kernel-launches.ts'
import { legacyFamilyOf } from '../legacy-families.ts'
import { dispatchTokens } from '../name-tokens.ts'
import { evaluateForLaunch, launchBindingFor, launchRefusal, planLaunch } from '../plan-launch.ts'
import { shapeNames } from '../shape-names.ts'
import type { LaunchBinding, LaunchPlan, ManifestVariant, ResolvedKernel } from '../types.ts'
import { type LintContext, type LintRule, variantProblem } from './context.ts'
import { suggestion } from './spelling.ts'

/** What a threadgroup has on every Apple GPU. */
const appleGpus = { name: 'Apple GPUs', maxThreadgroupBytes: 32 * 1024, maxThreadsPerThreadgroup: 1024 }

function shapesRun(context: LintContext, variant: ManifestVariant): Shape[] {
  return context.shapes.map(({ shape }) => shape).filter((shape) => rejectReason(variant, shape) === null)
}

/** Bytes of the kernel's own threadgroup variables, as far as they are known. */
function variableBytes(context: LintContext, kernel: ResolvedKernel, { shape, plan }: Launched): number {
  const built = context.device?.staticBytesOf(kernel, plan) ?? null
  if (built !== null) return built
  const isFamily = launchBindingFor(kernel, shape).origin === 'family'
  const formula =
    isFamily && kernel.variant ? legacyFamilyOf(kernel.variant.backend)?.staticThreadgroupBytes : undefined
  return formula ? (evaluateForLaunch(kernel, { shape, formula }) ?? 0) : 0
}

interface Launched {
  shape: Shape
  plan: LaunchPlan
}

/** What is wrong with a launch on the first shape it is wrong for. */
function launchProblem(
  context: LintContext,
  kernel: ResolvedKernel,
  shape: Shape,
): { rule: string; message: string } | null {
  if (launchRefusal(kernel, shape)) return null
  const plan = planLaunch(kernel, shape)
  if (!plan.ok) return { rule: 'launch-formula', message: plan.error.message }
  const limits = context.device ?? appleGpus
  const threads = plan.value.threads.reduce((product, count) => product * count, 1)
  if (threads > limits.maxThreadsPerThreadgroup)
    return {
      rule: 'threads-limit',
      message: `${threads} threads per threadgroup for ${formatShape(shape)}; ${limits.name} can have ${limits.maxThreadsPerThreadgroup}`,
    }
  const given = plan.value.threadgroupMemory.reduce((sum, { bytes }) => sum + bytes, 0)
  const own = variableBytes(context, kernel, { shape, plan: plan.value })
  if (given + own <= limits.maxThreadgroupBytes) return null
  const parts = given > 0 && own > 0 ? ` (${own} of ${plan.value.entry}'s variables, ${given} of its launch)` : ''
  return {
    rule: 'threadgroup-memory',
    message: `${given + own} bytes of threadgroup memory${parts} for ${formatShape(shape)}; ${limits.name} can have ${limits.maxThreadgroupBytes}: use a smaller tile`,
  }
}

/** A kernel that nothing says how to drive, and launches that fail or ask for more than a threadgroup has. */
export const launches: LintRule = (context) =>
  context.reading.variants.flatMap((variant): Problem[] => {
    if (isDeviceBaseline(variant)) return []
    const kernel = context.kernelOf(variant)
    if (!kernel.ok) {
      const isMissing = kernel.error.kind === 'not-found'
      const severity = variant.enabled ? 'warning' : 'info'
      return isMissing
        ? []
        : [variantProblem(context, { rule: 'no-launch', severity, variant, message: kernel.error.message })]
    }
    const seen = new Set<string>()
    return shapesRun(context, variant).flatMap((shape): Problem[] => {
      const found = launchProblem(context, kernel.value, shape)
      if (!found || seen.has(found.rule)) return []
      seen.add(found.rule)
      return [variantProblem(context, { severity: 'error', variant, ...found })]
    })
  })

const shapeWords = Object.keys(shapeNames(shapeSchema.parse({ m: 1, n: 1, k: 1 })))

/** Ranges of a name that there is not: they keep every shape out. */
export const unknownRanges: LintRule = (context) =>
  context.reading.variants.flatMap((variant): Problem[] => {
    const own = new Set([
      ...shapeWords,
      ...Object.keys({ ...dispatchTokens(variant.name), ...variant.dispatch, ...variant.params }),
    ])
    const problem = (name: string, where: string, at: (string | number)[]) =>
      variantProblem(context, {
        rule: 'unknown-range',
        severity: 'error',
        variant,
        at,
        message: `${where} limits '${name}', which is no name of a shape, a param${where === 'requires' ? '' : ', a derived name'} or a token: it keeps every shape out${suggestion(
          name,
          [...own].filter((known) => known !== name),
        )}`,
      })
    const ofVariant = Object.keys(variant.requires ?? {}).filter((name) => !own.has(name))
    const found = ofVariant.map((name) => problem(name, 'requires', ['requires', name]))
    const kernel = isDeviceBaseline(variant) ? null : context.kernelOf(variant)
    if (!kernel?.ok) return found
    const { launch, params } = kernel.value
    const known = { ...launch.params, ...params, ...launch.derived }
    const ofLaunch = Object.keys(launch.requires).filter((name) => !own.has(name) && !Object.hasOwn(known, name))
    return [...found, ...ofLaunch.map((name) => problem(name, "its launch's requires", []))]
  })

/** Names of a launch that a variant may set: those that it has values or formulas for, and what its formulas mention. */
function settableNames({ launch }: LaunchBinding): string[] {
  const { params, derived, args, threadgroups, gridThreads, threads, threadgroupMemory, constants, requires } = launch
  const formulas = [derived, args, threadgroups, gridThreads, threads, threadgroupMemory, Object.values(constants)]
  const words = JSON.stringify(formulas).match(/[A-Za-z_]\w*/g) ?? []
  return [...Object.keys(params), ...Object.keys(derived), ...Object.keys(requires), ...words]
}

/** Values that a variant gives to names which no launch of it has: the kernel runs with the defaults. */
export const unknownParams: LintRule = (context) =>
  context.reading.variants.flatMap((variant) => {
    const kernel = isDeviceBaseline(variant) ? null : context.kernelOf(variant)
    if (!kernel?.ok) return []
    const settable = Object.values(kernel.value.launches).flatMap(settableNames)
    const known = new Set([...settable, ...Object.keys(variant.requires ?? {})])
    return (['dispatch', 'params'] as const).flatMap((where) =>
      Object.keys(variant[where] ?? {})
        .filter((name) => !known.has(name))
        .map((name) => {
          const message = `no launch of it has a name '${name}': it does nothing${suggestion(name, [...known])}`
          return variantProblem(context, {
            rule: 'unknown-param',
            severity: 'warning',
            variant,
            at: [where, name],
            message,
          })
        }),
    )
  })

/** Enabled variants that no shape of the workspace's lists reaches, with the reasons that keep them out. */
export const unreached: LintRule = (context) =>
  context.shapes.length === 0
    ? []
    : context.reading.variants
        .filter((variant) => variant.enabled && shapesRun(context, variant).length === 0)
        .map((variant) => {
          const reasons = Array.from(new Set(context.shapes.map(({ shape }) => rejectReason(variant, shape) ?? '')))
          const shown = reasons.slice(0, 3).join('; ') + (reasons.length > 3 ? '; …' : '')
          const message = `none of the ${context.shapes.length} listed shapes reaches it (${shown})`
          return variantProblem(context, { rule: 'unreached', severity: 'warning', variant, message })
        })
