import { describe, expect, it } from 'vitest'
import type { ArmTimes } from './row.ts'
import { rowExport } from './row-export.ts'
import { rowSample } from './row-fixture.ts'

const times = (ns: number): ArmTimes => ({
  ...{ cpuNs: ns, encodeNs: 400, commitNs: 100, waitNs: ns, samples: [ns, ns], iterations: 4 },
  ...{ lowNs: ns - 2, highNs: ns + 2 },
})
const row = rowSample({
  variant: 'm1/dot|<a&"b">',
  kernel: times(400),
  baseline: { ...times(800), name: 'blas' },
  ratio: { value: 0.5, low: 0.49, high: 0.51 },
})
const reference = rowSample({ id: 'row-0', variant: 'm1/old', kernel: times(500), baseline: row.baseline })

describe('a row as a file', () => {
  it('is a line with a column for every figure', () => {
    const [heading = '', line = '', ...rest] = rowExport('csv', { row }).trimEnd().split('\n')
    const columns = heading.split(',')
    expect(columns.slice(0, 4)).toEqual(['id', 'variant', 'shape', 'status'])
    expect(columns).toEqual(expect.arrayContaining(['kernel.cpuNs', 'kernel.samplesCount', 'identity.sourceHash']))
    expect(line).toContain('"m1/dot|<a&""b"">"')
    expect(rest).toEqual([])
  })

  it('is JSON with every sample', () => {
    const document = JSON.parse(rowExport('json', { row, reference }))
    expect(document.row.kernel.samples).toEqual([400, 400])
    expect(document.reference.id).toBe('row-0')
    expect(document.comparison.metrics).toContainEqual(expect.objectContaining({ name: 'Kernel', outcome: 'better' }))
  })

  it('is a drawing whose texts are escaped', () => {
    const svg = rowExport('svg', { row })
    expect(svg).toContain('<title>m1/dot|&lt;a&amp;&quot;b&quot;&gt;')
    expect(svg.match(/<rect /g)).toHaveLength(1 + 5 + 4)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('is Markdown with the interval of each time', () => {
    expect(rowExport('markdown', { row })).toContain('| kernel | 400 ns [398 ns, 402 ns] |')
  })
})

describe('a comparison as a file', () => {
  it('is a table that says what is better, and a line for each row', () => {
    const text = rowExport('markdown', { row, reference })
    expect(text).toMatch(/\| Kernel \| 500 ns \[498 ns, 502 ns\] \| 400 ns .* \| ×0\.800 \[.*\] \| better \|/)
    expect(text).toContain('## Reference')
    const lines = rowExport('csv', { row, reference }).trimEnd().split('\n')
    expect(lines.map((line) => line.split(',')[0])).toEqual(['role', 'reference', 'this'])
  })

  it('draws both kernels', () => {
    expect(rowExport('svg', { row, reference })).toMatch(/>reference<[\s\S]*>this</)
  })
})
