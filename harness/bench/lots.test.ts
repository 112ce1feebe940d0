import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import { lotsOf, mergedLots, stretches, worthOfPlaces } from './lots.ts'

const count = (length: number) => Array.from({ length }, (_, i) => i)

describe('lotsOf', () => {
  it('is cut where lots end, also where the last is shorter', () => {
    expect(lotsOf([1, 1, 1, 5, 5, 5, 9], 3)).toEqual([1, 5, 9])
    expect(lotsOf([1, 1, 1, 1, 5, 5, 5, 5, 9, 9], 4)).toEqual([1, 5, 9])
    expect(lotsOf([3, 4], 0.5)).toEqual([3, 4])
    expect(lotsOf([], 4)).toEqual([])
  })
})

describe('mergedLots', () => {
  it('puts whole lots together, and only where there are too many', () => {
    expect(mergedLots([1, 2, 3], 3)).toEqual([1, 2, 3])
    expect(mergedLots([1, 3, 5, 7, 20], 3)).toEqual([2, 6, 20])
    expect(mergedLots(count(240), 120)).toHaveLength(120)
  })
})

describe('stretches', () => {
  it('are as long as each other, give or take one', () => {
    expect(stretches(count(25), 10)).toHaveLength(10)
    expect(stretches([4, 8], 10)).toEqual([4, 8])
  })
})

describe('worthOfPlaces', () => {
  const stream = new RandomStream(9)
  const noise = () => stream.nextSigned() + stream.nextSigned()
  const lotsIn = (places: number, spread: number) => {
    const offsets = count(places).map(() => spread * noise())
    return count(48).map((lot) => noise() + offsets[lot % places]!)
  }

  it('is 1 as a rule where places make no difference, and most of what there are lots of each where only they do', () => {
    const none = count(200).map(() => worthOfPlaces(lotsIn(8, 0), 8))
    expect(none.filter((worth) => worth === 1).length).toBeGreaterThan(150)
    expect(worthOfPlaces(lotsIn(8, 20), 8)).toBeGreaterThan(4)
    expect(worthOfPlaces(lotsIn(8, 20), 8)).toBeLessThan(7.1)
  })

  it('cannot be told of fewer than three places, or lots', () => {
    expect([worthOfPlaces(lotsIn(2, 20), 2), worthOfPlaces([1, 2, 3, 1, 2], 3)]).toEqual([1, 1])
  })
})
