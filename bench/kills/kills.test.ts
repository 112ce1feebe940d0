import { expect, it } from 'vitest'
import { trial, victims } from './trial.ts'
import { head, keystroke, keystrokesIn } from './typing.ts'

// One kill of each kind, without a clock; `npm run bench:kills` does many, and holds them to a second.
it.each(victims.map((victim, seed) => [victim, seed] as const))(
  'loses nothing that was said to be kept, and halves no file, when the %s is killed',
  async (victim, seed) => {
    const result = await trial(4 + seed)
    expect(result).toMatchObject({ victim, faults: [] })
    expect(result.typed).toBeGreaterThan(0)
    expect(result.kept).toBeGreaterThan(0)
  },
)

it('counts whole keystrokes only, in their order', () => {
  const text = head + keystroke(0) + keystroke(1)
  expect(keystrokesIn(head)).toBe(0)
  expect(keystrokesIn(text)).toBe(2)
  expect(keystrokesIn(text.slice(0, -1))).toBeNull()
  expect(keystrokesIn(head + keystroke(1))).toBeNull()
  expect(keystrokesIn('')).toBeNull()
})
