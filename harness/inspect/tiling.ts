import type { Tiling } from '#contract/inspect.ts'
import type { Shape } from '#contract/shape.ts'
import { evaluateForLaunch, launchBindingFor } from '../catalog/plan-launch.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import type { LaunchPlan, ResolvedKernel } from '../catalog/types.ts'
import { readsOutput } from '../verify/operands.ts'
import { tileUnits } from '../verify/work.ts'
import { type AxisGrowth, type CountGroups, type Extent, probeAxis } from './probe-grid.ts'

const axisNames = ['x', 'y', 'z'] as const
type AxisName = (typeof axisNames)[number]

/** A launch of a kernel on a shape. */
export interface PlannedDispatch {
  kernel: ResolvedKernel
  shape: Shape
  plan: LaunchPlan
}

/** Threadgroups by axis. */
export function groupsOf({ grid, gridIsThreads, threads }: LaunchPlan): [number, number, number] {
  const along = (axis: 0 | 1 | 2) => (gridIsThreads ? Math.ceil(grid[axis] / threads[axis]) : grid[axis])
  return [along(0), along(1), along(2)]
}

const totalGroups = (plan: LaunchPlan) => groupsOf(plan).reduce((product, count) => product * count, 1)

/** An axis of the grid as a function of the extents. */
function axisCounter({ kernel, shape, plan }: PlannedDispatch, axis: 0 | 1 | 2): CountGroups {
  const { launch } = launchBindingFor(kernel, shape)
  const grid = (launch.gridThreads ?? launch.threadgroups)?.[axis] ?? 1
  const threads = launch.threads[axis] ?? 1
  return (change) => {
    const changed = { ...shape, ...change }
    const count = evaluateForLaunch(kernel, { shape: changed, formula: grid })
    if (count === null || !plan.gridIsThreads) return count
    const width = evaluateForLaunch(kernel, { shape: changed, formula: threads })
    return width === null ? null : Math.ceil(count / width)
  }
}

interface Found {
  tile: number
  axis: AxisName
}

/** Where each extent drives the grid; a sentence says why that cannot be told. */
function findGrowths(growths: readonly AxisGrowth[]): Map<Extent, Found> | string {
  const found = new Map<Extent, Found>()
  for (const [axis, { growths: ofAxis }] of growths.entries()) {
    for (const { extent, tile } of ofAxis) {
      if (found.has(extent)) return `two axes of the grid grow with ${extent}`
      found.set(extent, { tile, axis: axisNames[axis] ?? 'z' })
    }
  }
  const batch = found.get('batch')
  return batch && batch.tile !== 1 ? `the grid grows once in ${batch.tile} batches` : found
}

/**
 * Tiles by the names that a kernel's parameters have for them, where the grid has that many threadgroups. A wound grid,
 * twice as wide and half as high, may have up to one row of tiles more.
 */
function namedCover({ kernel, shape, plan }: PlannedDispatch): Cover | null {
  const { m, n, batch } = shape
  const units = tileUnits(kernel)
  const groups = totalGroups(plan)
  for (const rows of units.m) {
    for (const columns of units.n) {
      const tileColumns = Math.ceil(n / columns)
      const beyond = groups - Math.ceil(m / rows) * tileColumns * batch
      if (beyond < 0 || beyond > tileColumns * batch) continue
      return { rows, columns, rowAxis: null, columnAxis: null, batches: batch, slices: 1, groups, source: 'parameters' }
    }
  }
  return null
}

/** Tiles by how the grid grows; a sentence says why that cannot be told. */
function grownCover(dispatch: PlannedDispatch): Cover | string {
  const { shape, plan } = dispatch
  const growths: AxisGrowth[] = []
  for (const axis of [0, 1, 2] as const) {
    const growth = probeAxis(axisCounter(dispatch, axis), shape)
    if (!growth) return `the grid's ${axisNames[axis]} does not grow with m, n, k and batch in equal steps`
    growths.push(growth)
  }
  const found = findGrowths(growths)
  if (typeof found === 'string') return found
  const ofK = found.get('k')
  const factor = growths.reduce((product, growth) => product * growth.factor, 1)
  return {
    rows: found.get('m')?.tile ?? shape.m,
    columns: found.get('n')?.tile ?? shape.n,
    rowAxis: found.get('m')?.axis ?? null,
    columnAxis: found.get('n')?.axis ?? null,
    batches: found.has('batch') ? shape.batch : 1,
    slices: factor * (ofK ? Math.ceil(shape.k / ofK.tile) : 1),
    groups: totalGroups(plan),
    source: 'grid',
  }
}

/** How a launch covers the output; a sentence says why that cannot be told. */
export function tilingOf(dispatch: PlannedDispatch): Tiling | string {
  const grown = grownCover(dispatch)
  if (typeof grown !== 'string' && grown.slices === 1) return describe(dispatch, grown)
  const cover = namedCover(dispatch) ?? grown
  return typeof cover === 'string' ? cover : describe(dispatch, cover)
}

type Cover = Pick<Tiling, 'rows' | 'columns' | 'rowAxis' | 'columnAxis' | 'batches' | 'slices' | 'source'> & {
  groups: number
}

function describe({ shape, plan }: PlannedDispatch, cover: Cover): Tiling {
  const { rows, columns, rowAxis, columnAxis, batches, slices, groups, source } = cover
  const tileRows = Math.ceil(shape.m / rows)
  const tileColumns = Math.ceil(shape.n / columns)
  const copies = batches * slices
  const whole = Math.floor(shape.m / rows) * Math.floor(shape.n / columns)
  const slots = (groups / copies) * rows * columns
  const unused = 1 - (shape.m * shape.n) / slots
  const threads = plan.threads.reduce((product, count) => product * count, 1) * groups
  const each = copies === 1 ? '' : ` × ${copies}`
  return {
    rows,
    columns,
    tileRows,
    tileColumns,
    batches,
    slices,
    rowAxis,
    columnAxis,
    source,
    lastRows: shape.m - (tileRows - 1) * rows,
    lastColumns: shape.n - (tileColumns - 1) * columns,
    partial: {
      value: (tileRows * tileColumns - whole) * copies,
      formula: `(${tileRows} × ${tileColumns} tiles − ${whole} whole ones)${each}`,
    },
    beyond: {
      value: groups - tileRows * tileColumns * copies,
      formula: `${groups} threadgroups − ${tileRows} × ${tileColumns}${each} tiles`,
    },
    unusedShare: {
      value: unused,
      formula: `1 − ${shape.m} × ${shape.n} outputs ÷ ${slots} outputs of the tiles`,
    },
    idleThreads: plan.gridIsThreads
      ? { value: 0, formula: 'the grid is given in threads: those past its end are not launched' }
      : { value: threads * unused, formula: `${threads} threads × share of outputs that are none` },
    tileBytes: tileBytes(shape, { tileRows, tileColumns }),
  }
}

function tileBytes(shape: Shape, { tileRows, tileColumns }: Pick<Tiling, 'tileRows' | 'tileColumns'>) {
  const { a, b, c, bias } = operandBytes(shape)
  const output = readsOutput(shape) ? 2 * c : c
  return {
    value: a * tileColumns + b * tileRows + bias * tileRows + output,
    formula: `A ${a} B × ${tileColumns} tiles along n + B ${b} B × ${tileRows} tiles along m + C ${output} B${bias > 0 ? ` + bias ${bias} B × ${tileRows}` : ''}`,
  }
}
