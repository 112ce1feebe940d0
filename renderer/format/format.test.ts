import { describe, expect, it } from 'vitest'
import { fakeShapes } from '../dev/fake-results.ts'
import { formatAge } from './age.ts'
import { decimalsFor, formatInterval, significant } from './digits.ts'
import { formatBound, formatBytes, formatError, formatPercent, formatTime, formatValue } from './quantity.ts'
import { isSameShape, shapeText, shortShapes } from './shape-text.ts'

describe('digits', () => {
  it('shows no more decimals than the half-width of the interval carries', () => {
    expect(decimalsFor(0.02)).toBe(2)
    expect(decimalsFor(0.1)).toBe(1)
    expect(decimalsFor(0.0099)).toBe(3)
    expect(decimalsFor(3)).toBe(0)
  })

  it('cuts a ratio and both ends to the same place', () => {
    expect(formatInterval({ value: 0.83127, low: 0.8173, high: 0.8459 })).toEqual({
      value: '0.83',
      low: '0.82',
      high: '0.85',
    })
    expect(formatInterval({ value: 1.00124, low: 0.99931, high: 1.00349 })).toEqual({
      value: '1.001',
      low: '0.999',
      high: '1.003',
    })
  })

  it('rounds above the units place as well', () => {
    expect(formatInterval({ value: 9.65, low: 4.2, high: 24.9 })).toEqual({ value: '10', low: '4', high: '25' })
    expect(formatInterval({ value: 1234, low: 1200, high: 1260 }).value).toBe('1230')
  })

  it('keeps significant digits of plain numbers', () => {
    expect(significant(0.001234)).toBe('0.00123')
    expect(significant(12.345)).toBe('12.3')
    expect(significant(0)).toBe('0')
  })
})

describe('quantities', () => {
  it('chooses the unit by size and the digits by interval', () => {
    expect(formatTime(50_912, 380)).toBe('50.9 µs')
    expect(formatTime(50_912, 4000)).toBe('51 µs')
    expect(formatTime(2.4567e6)).toBe('2.46 ms')
    expect(formatTime(999)).toBe('999 ns')
  })

  it('writes bytes in binary units', () => {
    expect(formatBytes(1608320)).toBe('1.53 MiB')
    expect(formatBytes(512)).toBe('512 B')
  })

  it('writes errors with two digits, and says what is no number', () => {
    expect(formatError(0)).toBe('0')
    expect(formatError(Number.MAX_VALUE)).toBe('NaN')
    expect(formatBound({ bound: Number.MAX_VALUE, unwritten: 3 })).toBe('not written')
    expect(formatBound({ bound: 0.5, unwritten: 0 })).toBe('0.50')
    expect(formatError(0.00049)).toBe('4.9e-4')
    expect(formatError(0.0078125)).toBe('0.0078')
    expect(formatError(Number.NaN)).toBe('NaN')
    expect(formatError(Number.POSITIVE_INFINITY)).toBe('∞')
  })

  it('shows an output that was never written as NaN', () => {
    expect(formatValue(null)).toBe('NaN')
    expect(formatValue(27)).toBe('27')
    expect(formatValue(-3.20410001)).toBe('-3.2041')
  })

  it('writes small shares with a decimal', () => {
    expect(formatPercent(0.021)).toBe('2.1 %')
    expect(formatPercent(1)).toBe('100 %')
  })
})

describe('formatAge', () => {
  const now = Date.parse('2026-05-01T12:00:00Z')
  it.each([
    ['2026-05-01T11:59:58Z', 'now'],
    ['2026-05-01T11:59:30Z', '30 s'],
    ['2026-05-01T11:57:00Z', '3 min'],
    ['2026-05-01T07:00:00Z', '5 h'],
    ['2026-04-22T12:00:00Z', '9 d'],
    ['nonsense', 'unknown'],
  ])('of %s is %s', (iso, text) => expect(formatAge(iso, now)).toBe(text))
})

describe('shapes', () => {
  it('names only what is not the default', () => {
    expect(fakeShapes.map((listed) => shapeText(listed.shape))[2]).toBe('1×896×896 NT · f16')
    expect(
      shapeText({
        m: 1,
        n: 64,
        k: 95,
        batch: 14,
        tA: false,
        tB: false,
        bias: true,
        alpha: 0.5,
        beta: 1,
        accumulate: false,
        act: 'none',
        dtype: 'f32',
      }),
    ).toBe('1×64×95 NN · batch 14 · bias · α 0.5 · β 1 · f32')
  })

  it('leaves out of a sentence what is as usual in a shape', () => {
    const text = 'gate bound on m=31,n=17,k=64,tA=0,tB=1,batch=1,bias=1,alpha=1,beta=0,dtype=f16, seed 1'
    expect(shortShapes(text)).toBe('gate bound on m=31,n=17,k=64,tB=1,bias=1, seed 1')
    expect(shortShapes('m=1,alpha=1.5,batch=14')).toBe('m=1,alpha=1.5,batch=14')
  })

  it('compares by every part', () => {
    const shape = fakeShapes[0]?.shape
    if (!shape) throw new Error('fixture')
    expect(isSameShape(shape, { ...shape })).toBe(true)
    expect(isSameShape(shape, { ...shape, tA: true })).toBe(false)
  })
})
