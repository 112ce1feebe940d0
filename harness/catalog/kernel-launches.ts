import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import { launchFilePath, launchOfEntry, readLaunchFile } from './launch-file.ts'
import { baselineLaunch, legacyFamilyOf } from './legacy-families.ts'
import type { LaunchBinding, ManifestVariant } from './types.ts'

/** A variant of no library is the device's own baseline routine. */
export function isDeviceBaseline(variant: ManifestVariant): boolean {
  return variant.library === undefined || variant.library === ''
}

/** The entry points a variant names, the plain one first. */
export function entryNamesOf({ supports }: ManifestVariant): string[] {
  const names = [supports.functionName, supports.functionNameBias, supports.functionNameAccumulate]
  return Array.from(new Set(names.filter((name): name is string => !!name)))
}

/**
 * The launch of every entry of a variant: its own declaration, else the kernel's launch file, else the legacy family of
 * its backend. `unsupported` when nothing says how to drive it, with what to add; `invalid` for a broken launch file.
 */
export function launchesOfVariant(variant: ManifestVariant, kernelPath: string): Result<Record<string, LaunchBinding>> {
  const own = { ...variant.dispatch, ...variant.params }
  if (isDeviceBaseline(variant)) return ok({ '': { launch: baselineLaunch, params: {}, origin: 'baseline' } })
  const file = readLaunchFile(kernelPath)
  if (!file.ok && !variant.launch) return file
  const family = legacyFamilyOf(variant.backend)
  const launches: Record<string, LaunchBinding> = {}
  for (const entry of entryNamesOf(variant)) {
    if (variant.launch) {
      launches[entry] = { launch: variant.launch, params: own, origin: 'manifest' }
      continue
    }
    const declared = file.ok && file.value ? launchOfEntry(file.value, { entry, kernelPath }) : ok(null)
    if (!declared.ok) return declared
    if (declared.value) launches[entry] = { ...declared.value, params: { ...declared.value.params, ...own } }
    else if (family)
      launches[entry] = {
        launch: family.launch,
        params: { ...family.paramsOf(variant), ...own },
        origin: 'family',
        family: family.name,
      }
    else return fail({ kind: 'unsupported', message: notDriven(variant, { entry, kernelPath }) })
  }
  if (Object.keys(launches).length === 0)
    return fail({ kind: 'unsupported', message: `${variant.id} names no function to run (supports.functionName)` })
  return ok(launches)
}

function notDriven(variant: ManifestVariant, { entry, kernelPath }: { entry: string; kernelPath: string }): string {
  const file = launchFilePath(kernelPath).split('/').at(-1)
  return `nothing says how to drive ${entry}: give ${variant.id} a "launch", or declare the entry in ${file} beside the kernel`
}
