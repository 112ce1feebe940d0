import { describe, expect, it } from 'vitest'
import { fakeNodes } from '../dev/fake-files.ts'
import { visibleRows } from './tree-order.ts'

describe('visibleRows', () => {
  it('puts folders before files at every level, and names in order', () => {
    const names = visibleRows(fakeNodes, new Set()).map((row) => row.node.name)
    expect(names.slice(0, 3)).toEqual(['kernels', 'm1_dot_product.launch.json', 'm1_dot_product.metal'])
    expect(names.indexOf('evidence')).toBeLessThan(names.indexOf('shapes.txt'))
  })

  it('hides everything below a closed folder', () => {
    const rows = visibleRows(fakeNodes, new Set(['manifests']))
    expect(rows.at(-1)).toMatchObject({ node: { name: 'manifests' }, isOpen: false, hasChildren: true })
  })

  it('counts levels from 1', () => {
    const rows = visibleRows(fakeNodes, new Set())
    expect(rows.find((row) => row.node.name === 'dot_bn128_bias.json')?.level).toBe(4)
  })
})
