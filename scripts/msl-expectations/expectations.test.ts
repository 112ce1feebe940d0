import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { allExpectations } from './expectations.ts'

it('finds every committed expectation as its reference program computes it', async () => {
  const expectations = await allExpectations()
  expect(expectations.length).toBeGreaterThan(50)
  for (const { path, text } of expectations) expect(readFileSync(path, 'utf8'), path).toBe(text)
})
