import { describe, expect, it } from 'vitest'
import { countCells, outcomeOf, type SweepCell } from './sweep.ts'
import { finalistsOf, notRightAgain, winnerOf } from './sweep-best.ts'

const ratio = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 })

/** A right cell of a variant; `again`: its second ratio, or how that ended otherwise. */
function cellOf(variant: number, first: number, again?: number | 'wrong'): SweepCell {
  const figures = (value: number) => ({
    ...{ ratio: ratio(value), verdict: 'FAST' as const, kernelNs: 100 * value, isCached: false },
  })
  const second =
    again === 'wrong'
      ? { state: 'wrong' as const, reason: 'output 1 is 2', isCached: false, rowId: `again ${variant}` }
      : { state: 'ok' as const, ...figures(again ?? 0), rowId: `again ${variant}` }
  return {
    ...{ variant, shape: 0, state: 'ok', rowId: `first ${variant}`, ...figures(first) },
    ...(again === undefined ? {} : { again: second }),
  }
}

const wrong: SweepCell = { variant: 9, shape: 0, state: 'wrong', isCached: false, rowId: 'w' }
const variantsOf = (cells: readonly SweepCell[]) => cells.map(({ variant }) => variant)

describe('who is measured once more', () => {
  it('is the fastest with those that were not shown to be slower, three at most', () => {
    expect(variantsOf(finalistsOf([wrong, cellOf(0, 0.9), cellOf(1, 0.5), cellOf(2, 0.53)]))).toEqual([1, 2])
    const near = [0.53, 0.52, 0.5, 0.51].map((value, at) => cellOf(at, value))
    expect(variantsOf(finalistsOf(near))).toEqual([2, 3, 1])
  })

  it('is nobody where there was nothing to choose from', () => {
    expect(finalistsOf([cellOf(0, 0.5), wrong])).toEqual([])
    expect(finalistsOf([wrong])).toEqual([])
  })

  it('without a baseline is whoever took the least time', () => {
    const cells = [30, 10, 20, 40].map((kernelNs, variant) => ({ ...cellOf(variant, 1), ratio: undefined, kernelNs }))
    expect(variantsOf(finalistsOf(cells))).toEqual([1, 2, 0])
  })
})

describe('the winner of a shape', () => {
  it('has no verdict before it was measured once more, unless it was the only one', () => {
    expect(winnerOf([cellOf(0, 0.5), cellOf(1, 0.9)])).toMatchObject({ verdict: undefined, figures: { kernelNs: 50 } })
    expect(winnerOf([cellOf(0, 0.5), wrong])).toMatchObject({ verdict: 'FAST' })
    expect(winnerOf([wrong])).toBeNull()
  })

  it('is chosen by first measurements and shown with its second', () => {
    const winner = winnerOf([cellOf(0, 0.51, 0.55), cellOf(1, 0.5, 0.56), cellOf(2, 0.9)])
    expect(winner).toMatchObject({ cell: { variant: 1 }, figures: { ratio: { value: 0.56 } }, verdict: 'FAST' })
    expect(variantsOf(winner!.tied)).toEqual([0])
  })

  it('is another one where the second measurements tell them apart', () => {
    const winner = winnerOf([cellOf(0, 0.51, 0.5), cellOf(1, 0.5, 0.6)])
    expect(winner).toMatchObject({ cell: { variant: 0 }, figures: { ratio: { value: 0.5 } } })
    expect(winner!.tied).toEqual([])
  })

  it('is none that was wrong the second time', () => {
    expect(winnerOf([cellOf(0, 0.51, 0.5), cellOf(1, 0.5, 'wrong')])).toMatchObject({ cell: { variant: 0 } })
  })

  it('is tied with those beyond the three whose first interval overlaps its own first', () => {
    const winner = winnerOf([cellOf(0, 0.5, 0.6), cellOf(1, 0.53), cellOf(2, 0.6)])
    expect(variantsOf(winner!.tied)).toEqual([1])
  })

  it('whose B lay otherwise has the fastest beside it whose B lay as the shape says', () => {
    const turned = (variant: number, first: number): SweepCell => ({ ...cellOf(variant, first), layout: { b: 'n×k' } })
    const cells = [turned(0, 0.4), turned(1, 0.41), turned(2, 0.42), cellOf(3, 0.8), cellOf(4, 0.7)]
    expect(variantsOf(finalistsOf(cells))).toEqual([0, 1, 2, 4])
    const winner = winnerOf(cells)
    expect([winner?.cell.variant, winner?.ownLayout?.cell.variant]).toEqual([0, 4])
    expect(winnerOf([turned(0, 0.4)])?.ownLayout).toBeUndefined()
    expect(winnerOf([turned(0, 0.9), cellOf(1, 0.4)])?.ownLayout).toBeUndefined()
  })
})

describe('a pair that was wrong the second time', () => {
  it('is wrong, whatever it was the first time', () => {
    const cell = cellOf(0, 0.5, 'wrong')
    expect(outcomeOf(cell)).toEqual({ state: 'wrong', reason: 'the second time: output 1 is 2' })
    expect(countCells([cell, cellOf(1, 0.5, 0.6)])).toMatchObject({ measured: 2, right: 1 })
    expect(notRightAgain([cell, wrong, cellOf(1, 0.5, 0.6)])).toEqual([cell])
  })
})
