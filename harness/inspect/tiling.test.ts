import { describe, expect, it } from 'vitest'
import type { Shape } from '#contract/shape.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import { manifestOf, resolveTarget } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { expectValue, shapeOf } from '../catalog/workspace-fixture.ts'
import { groupsOf, tilingOf } from './tiling.ts'

const workspace = expectValue(Workspace.open(process.cwd()))
const variants = expectValue(manifestOf(workspace)).variants

function tilingFor(target: string, query: Partial<Shape> & Pick<Shape, 'm' | 'n' | 'k'>) {
  const kernel = expectValue(resolveTarget(workspace, target))
  const shape = { ...shapeOf(query), dtype: kernel.dtype }
  const plan = expectValue(planLaunch(kernel, shape))
  return { tiling: tilingOf({ kernel, shape, plan }), plan }
}

describe('tilingOf', () => {
  it('finds the tiles of a tiled product and what is left over of them', () => {
    const { tiling } = tilingFor('sgemm/shared_mem_block', { m: 70, n: 100, k: 40 })
    expect(tiling).toMatchObject({
      rows: 32,
      columns: 32,
      tileRows: 3,
      tileColumns: 4,
      lastRows: 6,
      lastColumns: 4,
      partial: { value: 12 - 2 * 3 },
      beyond: { value: 0 },
      unusedShare: { value: 1 - 7000 / (12 * 1024) },
    })
  })

  it('finds the tiles of a wound grid by its parameters, and threadgroups that have none', () => {
    const { tiling } = tilingFor('gemm_tiled/bm32_bn32_bk16_wm2_wn2', { m: 9 * 32, n: 8 * 32, k: 64 })
    expect(tiling).toMatchObject({ source: 'parameters', rows: 32, columns: 32, tileRows: 9, tileColumns: 8 })
    expect(tiling).toMatchObject({ partial: { value: 0 }, beyond: { value: 8 } })
  })

  it('explains the grid of every kernel that comes with the lab, on shapes that fill tiles and on ones that do not', () => {
    const unexplained = new Set<string>()
    let explained = 0
    for (const variant of variants) {
      const kernel = resolveTarget(workspace, variant.id)
      if (!kernel.ok || kernel.value.usesDeviceBaseline) continue
      for (const query of [
        { m: 300, n: 600, k: 64 },
        { m: 1, n: 896, k: 896, tB: true },
        { m: 67, n: 130, k: 96 },
        { m: 128, n: 256, k: 64 },
      ]) {
        const shape = { ...shapeOf(query), dtype: kernel.value.dtype }
        const plan = planLaunch(kernel.value, shape)
        if (!plan.ok) continue
        const tiling = tilingOf({ kernel: kernel.value, shape, plan: plan.value })
        if (typeof tiling === 'string') {
          unexplained.add(`${variant.id}: ${tiling}`)
          continue
        }
        explained++
        const { rows, columns, tileRows, tileColumns, batches, slices, beyond } = tiling
        expect(tileRows * rows, variant.id).toBeGreaterThanOrEqual(shape.m)
        expect(tileColumns * columns, variant.id).toBeGreaterThanOrEqual(shape.n)
        const groups = groupsOf(plan.value).reduce((all, count) => all * count, 1)
        expect(tileRows * tileColumns * batches * slices + beyond.value, variant.id).toBe(groups)
        expect(beyond.value, variant.id).toBeGreaterThanOrEqual(0)
      }
    }
    expect([...unexplained]).toEqual([])
    expect(explained).toBeGreaterThan(50)
  })
})
