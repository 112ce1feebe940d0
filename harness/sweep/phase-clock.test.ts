import { expect, it } from 'vitest'
import { PhaseClock } from './phase-clock.ts'

it('gives each phase the time until the next sign of any, and those before the first to none', () => {
  let now = 5
  const clock = new PhaseClock(() => now)
  const after = (ms: number, phase: string) => {
    now += ms
    clock.mark(phase)
  }
  after(1, 'compile')
  after(2, 'measure')
  after(3, 'measure')
  after(4, 'verify')
  after(8, 'measure')
  now += 16
  expect(clock.end()).toEqual({ compile: 2e6, measure: 23e6, verify: 8e6 })
  now += 100
  expect(clock.end()).toEqual({ compile: 2e6, measure: 23e6, verify: 8e6 })
})
