import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyScore } from './fuzzy.ts'

describe('fuzzy', () => {
  it('wants the letters in order', () => {
    expect(fuzzyScore('tmb', 'Theme: dark')).toBeNull()
    expect(fuzzyScore('thd', 'Theme: dark')).not.toBeNull()
  })

  it('prefers beginnings of words', () => {
    expect(fuzzyFilter(['reopen manifest', 'Show Manifest', 'tiled simd matrix'], 'sm', (text) => text)[0]).toBe(
      'Show Manifest',
    )
  })

  it('keeps everything in order for an empty query', () => {
    expect(fuzzyFilter(['bb', 'a'], '', (text) => text)).toHaveLength(2)
  })
})
