import { describe, expect, it } from 'vitest'
import { SourceLines, utf16Column } from './text-columns.ts'

describe('utf16Column', () => {
  it('is the byte column where the line is ASCII', () => {
    expect(utf16Column('  int x = y;', 11)).toBe(11)
  })

  it('counts one unit for é, two for a character outside the basic plane', () => {
    expect(utf16Column('/* é */ bad', 10)).toBe(9)
    expect(utf16Column('/* 🎯 */ bad', 12)).toBe(10)
  })

  it('keeps a column beyond the end of the line beyond it', () => {
    expect(utf16Column('é', 5)).toBe(4)
    expect(utf16Column('', 1)).toBe(1)
  })
})

describe('SourceLines', () => {
  it('prefers the text that was compiled to the disk', () => {
    const lines = new SourceLines('/nowhere/x.metal', 'one\r\ntwo')
    expect(lines.at('/nowhere/x.metal', 2)).toBe('two')
    expect(lines.at('/nowhere/x.metal', 9)).toBe('')
    expect(lines.at('/nowhere/missing.h', 1)).toBe('')
  })
})
