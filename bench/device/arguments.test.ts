import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'

const names = ['naive 256', 'tiled 256', 'tiled 512']
const read = (...args: string[]) => readArguments(args, names)

describe('readArguments', () => {
  it('takes all cases, or those whose names hold a text', () => {
    expect(read()).toEqual({ write: undefined, budgetMs: undefined, chosen: names })
    expect(read('--write', 'a.md', 'tiled', '--seconds', '0.5')).toEqual({
      write: 'a.md',
      budgetMs: 500,
      chosen: ['tiled 256', 'tiled 512'],
    })
  })

  it('says how it is used when asked, and when used in another way', () => {
    expect(read('--help')).toMatchObject({ exitCode: 0, text: expect.stringContaining('--seconds') })
    for (const args of [['--fast'], ['--seconds', 'x'], ['--write'], ['gemv']]) {
      expect(read(...args)).toMatchObject({ exitCode: 2, text: expect.stringContaining('npm run bench:device') })
    }
    expect(read('gemv')).toMatchObject({ text: expect.stringContaining('names: naive 256, tiled 256') })
  })
})
