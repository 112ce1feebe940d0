// Programs whose results are easier computed than written down.
import { range } from '../lanes.ts'
import { out } from '../output.ts'

function collatzSteps(start: number): number {
  let n = start
  let steps = 0
  for (; n !== 1; steps++) n = n % 2 ? 3 * n + 1 : n / 2
  return steps
}

export const references = {
  'language/divergent_while': () => [
    out(
      0,
      'u32',
      range(96).map((i) => collatzSteps(i + 1)),
    ),
  ],
}
