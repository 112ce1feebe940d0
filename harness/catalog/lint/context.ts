import type { Result } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import type { ListedShape } from '#contract/shape.ts'
import { jsonPath } from '../manifest-variants.ts'
import type { LaunchPlan, ManifestReading, ManifestVariant, ResolvedKernel } from '../types.ts'
import type { Workspace } from '../workspace.ts'

/** A device on which the workspace's kernels were built, and what it can give a threadgroup. */
export interface LintDevice {
  name: string
  maxThreadgroupBytes: number
  maxThreadsPerThreadgroup: number
  /** Bytes of the threadgroup variables of what a launch runs; null when it was not built. */
  staticBytesOf(kernel: ResolvedKernel, plan: LaunchPlan): number | null
}

/** What a rule may look at. Kernels are resolved once for all rules. */
export interface LintContext {
  workspace: Workspace
  reading: ManifestReading
  shapes: readonly ListedShape[]
  /** Absent: launches are held against what every Apple GPU has, and variables are known of old families only. */
  device?: LintDevice | undefined
  kernelOf(variant: ManifestVariant): Result<ResolvedKernel>
  /**
   * Entry names of a .metal file. `isOpen`: the list was read from text in which macros make names, so that an absent
   * name is a suspicion, not a fact.
   */
  entriesOf(path: string): { names: ReadonlySet<string>; isOpen: boolean } | null
}

/** One rule: all its findings over a manifest. */
export type LintRule = (context: LintContext) => Problem[]

/** A finding about a variant, at a JSON path below its entry. What is wrong with a disabled one breaks nothing yet. */
export function variantProblem(
  context: LintContext,
  finding: {
    rule: string
    severity: Problem['severity']
    variant: ManifestVariant
    at?: (string | number)[]
    message: string
  },
): Problem {
  const { rule, variant, at = [], message } = finding
  const severity = finding.severity === 'error' && !variant.enabled ? 'warning' : finding.severity
  const path = [variant.backend, variant.index, ...at]
  return { rule, severity, variant: variant.id, path: jsonPath(path), message, ...context.reading.positionOf(path) }
}
