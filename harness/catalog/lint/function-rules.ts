import type { Problem } from '#contract/manifest.ts'
import { entryNamesOf, isDeviceBaseline } from '../kernel-launches.ts'
import { legacyFamilyOf } from '../legacy-families.ts'
import { nameToken } from '../name-tokens.ts'
import { libraryPath } from '../resolve-target.ts'
import type { ManifestVariant } from '../types.ts'
import { type LintContext, type LintRule, variantProblem } from './context.ts'

const functionKeys = ['functionName', 'functionNameBias', 'functionNameAccumulate'] as const

/** A library or function that the workspace does not have. */
export const missingFunction: LintRule = (context) =>
  context.reading.variants
    .filter((variant) => !isDeviceBaseline(variant))
    .flatMap((variant): Problem[] => {
      const path = libraryPath(context.workspace, variant.library ?? '')
      if (!path) {
        const message = `the workspace has no ${variant.library}.metal`
        return [
          variantProblem(context, {
            rule: 'missing-library',
            severity: variant.enabled ? 'error' : 'info',
            variant,
            at: ['library'],
            message,
          }),
        ]
      }
      const entries = context.entriesOf(path)
      if (!entries) return []
      return functionKeys.flatMap((key) => {
        const name = variant.supports[key]
        if (!name || entries.names.has(name)) return []
        const file = context.workspace.relativePath(path)
        const message = entries.isOpen
          ? `${name} is not spelled out in ${file}, whose macros make names: compile it to be sure`
          : `${file} has no kernel ${name}`
        const severity = !variant.enabled || entries.isOpen ? 'info' : 'error'
        return [
          variantProblem(context, { rule: 'missing-function', severity, variant, at: ['supports', key], message }),
        ]
      })
    })

function biasProblem(context: LintContext, variant: ManifestVariant): string | null {
  if (!variant.supports.bias || isDeviceBaseline(variant)) return null
  const kernel = context.kernelOf(variant)
  const entry = variant.supports.functionNameBias || variant.supports.functionName
  const binding = kernel.ok ? kernel.value.launches[entry] : undefined
  if (!binding) return null
  if (!binding.launch.args.some((arg) => 'role' in arg && arg.role === 'bias'))
    return `supports.bias is true, but the launch of ${entry} hands no bias over`
  const family = binding.origin === 'family' ? legacyFamilyOf(variant.backend) : null
  return family?.needsBiasFunction && !variant.supports.functionNameBias
    ? `supports.bias is true without functionNameBias: under bias the ${family.name} bindings move, so ${entry} would need to be a bias kernel`
    : null
}

/** supports.bias on a variant that cannot be given a bias. */
export const biasWithoutFunction: LintRule = (context) =>
  context.reading.variants.flatMap((variant) => {
    const message = biasProblem(context, variant)
    // A variant that runs on bias shapes alone may name its bias kernel as the plain one.
    const severity = variant.name.includes('fused_bias') ? 'info' : 'error'
    return message
      ? [
          variantProblem(context, {
            rule: 'bias-without-function',
            severity,
            variant,
            at: ['supports', 'bias'],
            message,
          }),
        ]
      : []
  })

/** A name that says one dispatch and a function that says another. */
export const nameTokens: LintRule = (context) =>
  context.reading.variants.flatMap((variant) =>
    entryNamesOf(variant).flatMap((entry) =>
      ['bn', 'tg', 'rows', 'bk'].flatMap((token): Problem[] => {
        const said = nameToken(variant.name, token)
        const meant = nameToken(entry, token)
        if (said === null || meant === null || said === meant) return []
        const key = functionKeys.find((candidate) => variant.supports[candidate] === entry) ?? 'functionName'
        const message = `the name says ${token}${said}, its function ${entry} says ${token}${meant}`
        return [
          variantProblem(context, { rule: 'name-token', severity: 'warning', variant, at: ['supports', key], message }),
        ]
      }),
    ),
  )
