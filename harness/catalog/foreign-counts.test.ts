import { describe, expect, it } from 'vitest'
import { countCells } from '#contract/sweep.ts'
import { planMatrix } from '../sweep/plan-matrix.ts'
import { foreignEntries, foreignFiles, foreignShapes } from './foreign-folder-fixture.ts'
import { oracleGap } from './foreign-oracle.ts'
import { expectValue, openFixture } from './workspace-fixture.ts'

const entries = foreignEntries()
const enabled = entries.filter(({ json }) => json.enabled !== false)
const idOf = ({ backend, name }: { backend: string; name: string }) => `${backend}/${name}`

function planForeign(filter: string[] = []) {
  return expectValue(planMatrix(openFixture(foreignFiles(entries)), { filter })).matrix
}

describe('a folder of 137 variants in 11 backends with 20 shapes', () => {
  it('is as large as it says and has every word of the format in it', () => {
    expect(entries).toHaveLength(137)
    expect(new Set(entries.map(({ backend }) => backend)).size).toBe(11)
    expect(new Set(entries.map(idOf)).size).toBe(137)
    expect(foreignShapes).toHaveLength(20)
    const rules = new Set(enabled.flatMap((entry) => foreignShapes.map((shape) => oracleGap(entry, shape)?.rule)))
    expect([...rules].filter((rule) => rule !== undefined).sort()).toEqual([
      ...['accumulate', 'batch', 'bias', 'expectedTransposeA', 'expectedTransposeB', 'name: bn256', 'name: dbg'],
      ...['name: fused_bias', 'name: largek_smalln', 'name: rows2', 'name: rows4', 'name: smalln', 'name: triplebuf'],
      ...['name: ultra_tiny', 'name: worksteal_chunk4', 'requires k', 'requires m', 'requires n'],
      ...['smallK', 'smallMN', 'supportedNValues', 'transposeA', 'transposeB'],
    ])
  })

  it('gives exactly the runs and gaps that the rules imply, each gap with its reason', () => {
    const { variants, shapes, cells } = planForeign()
    expect(variants.map(({ id }) => id)).toEqual(enabled.map(idOf))
    expect(shapes).toHaveLength(20)
    const { pairs, gaps, waiting } = countCells(cells)
    expect({ pairs, gaps, waiting }).toEqual({ pairs: 2520, gaps: 1947, waiting: 573 })
    for (const cell of cells) {
      const wanted = oracleGap(enabled[cell.variant]!, foreignShapes[cell.shape]!)
      const pair = `${variants[cell.variant]!.id} on shape ${cell.shape}`
      expect([pair, cell.state]).toEqual([pair, wanted ? 'gap' : 'waiting'])
      if (wanted) expect(`${cell.reason}`, pair).toMatch(wanted.says)
    }
  })

  it.each(['mlx', 'mps', 'gemv', 'gemm_tiled', 'm1_optimized', 'm1_optimized_v4'])(
    'so does %s by itself',
    (backend) => {
      const own = enabled.filter((entry) => entry.backend === backend)
      const runs = own.flatMap((entry) => foreignShapes.filter((shape) => oracleGap(entry, shape) === null))
      const { cells } = planForeign([backend])
      expect(cells).toHaveLength(own.length * 20)
      expect(cells.filter(({ state }) => state === 'waiting')).toHaveLength(runs.length)
    },
  )
})
