import { expect, test } from 'vitest'
import { sharedPrefix } from './shared-prefix.ts'

test('what all names begin with ends at an underscore and is never all of a name', () => {
  expect(sharedPrefix(['gemm_bm32_wm2', 'gemm_bm64_wm2'])).toBe('gemm_'.length)
  expect(sharedPrefix(['gemm_a', 'gemm_a_f32'])).toBe('gemm_'.length)
  expect(sharedPrefix(['dot', 'columns'])).toBe(0)
  expect(sharedPrefix(['only_one'])).toBe(0)
  expect(sharedPrefix([])).toBe(0)
})
