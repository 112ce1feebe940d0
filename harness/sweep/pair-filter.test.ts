import { describe, expect, it } from 'vitest'
import { expectValue, shapeOf } from '../catalog/workspace-fixture.ts'
import { readPairFilter } from './pair-filter.ts'

const variant = { id: 'm1/dot_bn64', backend: 'm1', name: 'dot_bn64' }
const shape = shapeOf({ m: 1, n: 896, k: 4864, tB: true })
const takes = (...texts: string[]) => {
  const filter = readPairFilter(texts)
  return [filter.takesVariant(variant), expectValue(filter.shapesOf([{ shape }])).length === 1]
}

describe('readPairFilter', () => {
  it.each<[string[], boolean, boolean]>([
    [[], true, true],
    [['m1'], true, true],
    [['*bn64', 'm1/*'], true, true],
    [['*bn64', 'sgemm/*'], true, true],
    [['sgemm/*', 'gemv/*'], false, true],
    [['min(m,n)>=1,max(n,k)=4864'], true, true],
    [['min(m,n)>=64'], true, false],
    [['m=1'], true, true],
    [['m=1,k>=4864,tB=1'], true, true],
    [['m=1,n!=896'], true, false],
    [['m==1', 'n<896'], true, false],
    [['m*k<=4864 && bias==0'], true, true],
    [['sgemm', 'batch>1'], false, false],
  ])('%j', (texts, isVariantTaken, isShapeTaken) => {
    expect(takes(...texts)).toEqual([isVariantTaken, isShapeTaken])
  })

  it('names a word that no shape has', () => {
    expect(readPairFilter(['rows=1']).shapesOf([{ shape }])).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining("unknown name 'rows'") },
    })
  })

  it('names the shape for which a formula has no value, and drops none in silence', () => {
    const other = shapeOf({ m: 2, n: 896, k: 4864, tB: true })
    expect(expectValue(readPairFilter(['n/(m-1)>2']).shapesOf([{ shape: other }]))).toHaveLength(1)
    expect(readPairFilter(['n/(m-1)>2']).shapesOf([{ shape: other }, { shape }])).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringMatching(/m=1/) },
    })
  })
})
