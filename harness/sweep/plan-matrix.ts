import { fail, ok, type Result } from '#contract/error.ts'
import type { SweepCell, SweepMatrix, SweepQuery } from '#contract/sweep.ts'
import { baselineIds } from '../catalog/catalog.ts'
import type { CurrentDevice } from '../catalog/current-device.ts'
import { checkGlob } from '../catalog/glob.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { type PlannedPair, type PlannedRun, planSweep } from '../catalog/sweep-plan.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { shapesOfWorkspace } from '../catalog/workspace-shapes.ts'
import { globsOf, readPairFilter } from './pair-filter.ts'

/** A matrix with what has to be run of it: `runs[i]` is the run of `matrix.cells[i]`, absent of a gap. */
export interface PlannedMatrix {
  matrix: SweepMatrix
  runs: (PlannedRun | undefined)[]
}

function cellOf({ variant, shape, gap, run }: PlannedPair): SweepCell {
  if (run === undefined) return { variant, shape, state: 'gap', reason: gap, isCached: false }
  const { claim, problem, layout } = run
  const known = { ...(problem ? { reason: problem } : {}), ...(layout ? { layout } : {}) }
  return { variant, shape, state: 'waiting', claim, isCached: false, ...known }
}

/**
 * The matrix of a query over a workspace as it is now, nothing of it run. `not-found` for a glob that matches nothing,
 * `invalid` for a filter that is no formula or a query that no shape is left of.
 */
export function planMatrix(workspace: Workspace, query: SweepQuery, device?: CurrentDevice): Result<PlannedMatrix> {
  const reading = manifestOf(workspace)
  if (!reading.ok) return reading
  const filter = readPairFilter(query.filter)
  for (const glob of [query.variants, ...globsOf(query.filter)]) {
    const matched = checkGlob(glob, reading.value)
    if (!matched.ok) return matched
  }
  const listed = query.shapes ?? shapesOfWorkspace(workspace).shapes
  if (listed.length === 0) return fail({ kind: 'invalid', message: `there is no shape list in ${workspace.root}` })
  const taken = filter.shapesOf(listed)
  if (!taken.ok) return taken
  const shapes = taken.value
  if (shapes.length === 0) {
    const message = `no shape of ${listed.length} meets the filter ${query.filter.join(' and ')}`
    return fail({ kind: 'invalid', message })
  }
  const planned = planSweep(workspace, {
    reading: reading.value,
    shapes,
    glob: query.variants,
    takes: filter.takesVariant,
    device,
  })
  if (!planned.ok) return planned
  const { variants, pairs } = planned.value
  if (variants.length === 0) {
    const asked = [query.variants, ...globsOf(query.filter)].filter(Boolean).join(' and ')
    return fail({
      kind: 'invalid',
      message: `no enabled variant matches ${asked || 'anything: the manifest has none'}`,
    })
  }
  const baselines = baselineIds(reading.value.variants)
  return ok({
    matrix: {
      variants: variants.map((variant) => ({ ...variant, isBaseline: baselines.has(variant.id) })),
      shapes,
      cells: pairs.map(cellOf),
    },
    runs: pairs.map(({ run }) => run),
  })
}
