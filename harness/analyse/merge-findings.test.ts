import { describe, expect, it } from 'vitest'
import { analysisDocument, raceFinding } from './analysis-fixture.ts'
import { mergeDocuments } from './merge-findings.ts'

describe('mergeDocuments', () => {
  it('keeps the first schedule that showed a finding, and says which it was', () => {
    const inOrder = analysisDocument([raceFinding({ count: 3 })])
    const shuffled = analysisDocument([raceFinding({ count: 9, thread: [7, 0, 0] }), raceFinding({ line: 20 })])
    expect(mergeDocuments([inOrder, shuffled])?.findings).toEqual([
      raceFinding({ count: 3 }),
      raceFinding({ line: 20, schedule: 1 }),
    ])
  })

  it('takes the counters of the first, and the most that any left out', () => {
    const counted = { ...analysisDocument([], 1) }
    counted.counters.total.flopsF32 = 7
    const merged = mergeDocuments([counted, analysisDocument([], 4)])
    expect(merged).toMatchObject({ omitted: 4, counters: { total: { flopsF32: 7 } } })
  })

  it('tells buffers and lines apart', () => {
    const findings = [raceFinding(), raceFinding({ bufferName: 'Bs' }), raceFinding({ otherLine: 12 })]
    expect(mergeDocuments([analysisDocument(findings)])?.findings).toHaveLength(3)
  })

  it('has no document without a schedule', () => {
    expect(mergeDocuments([])).toBeNull()
  })
})
