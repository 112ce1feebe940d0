// How often verdicts are right: thousands of measurements on the null device, whose simulated clock drifts, is disturbed
// and changes its rate, by the lab's own stop rules and statistics. The same numbers in every run.
// Run: npm run bench -- verdict-simulation; node bench/verdict-simulation/main.ts FROM TO: some of its rows, counted from 1.
// With --brief each measurement has the length that a sweep gives a pair, and --pairs=N asks for another number than 1,000.

import { parseArgs } from 'node:util'
import { harderNoises, type Noise, noises, type Score, SimulatedLab } from '#harness/bench/simulation.ts'
import { briefStopRules, defaultStopRules } from '#harness/bench/stop-rules.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { brief: { type: 'boolean', default: false }, pairs: { type: 'string', default: '1000' } },
})
const pairs = Number(values.pairs)
// The simulation measures by the default rules: in this process the brief ones are the default.
if (values.brief) Object.assign(defaultStopRules, briefStopRules)

interface Case {
  name: string
  noise: Noise
  latencyNs: number
}

const slowStates = { ...noises['all three'], stateNs: 2e8 }

const cases: Case[] = [
  ...[100_000, 2_000_000, 5_000_000, 10_000_000, 25_000_000, 60_000_000].flatMap((latencyNs) =>
    Object.entries(noises).map(([name, noise]) => ({ name, noise, latencyNs })),
  ),
  ...[100_000, 2_000_000, 25_000_000].flatMap((latencyNs) => [
    { name: 'all three, rates of 200 ms', noise: slowStates, latencyNs },
    ...Object.entries(harderNoises).map(([name, noise]) => ({ name, noise, latencyNs })),
  ]),
  { name: 'all three, twice the jitter', noise: { ...noises['all three'], jitter: 0.02 }, latencyNs: 100_000 },
  { name: 'steady', noise: {}, latencyNs: 150_000_000 },
  { name: 'jitter 30 %', noise: { jitter: 0.3 }, latencyNs: 60_000_000 },
]

const [from = 1, to = cases.length] = positionals.map(Number)

const percent = (count: number, of = pairs) => `${((100 * count) / of).toFixed(1)} %`

function lineOf({ name, latencyNs }: Case, [equal, slower, faster]: readonly [Score, Score, Score]): string {
  const cells = [
    name,
    `${latencyNs / 1e6} ms`,
    (equal.rounds / pairs).toFixed(0),
    percent(equal.fast + equal.slow),
    percent(equal.same),
    percent(slower.slow),
    percent(faster.fast),
    percent(equal.covered),
    percent(slower.covered + faster.covered, 2 * pairs),
  ]
  return `| ${cells.join(' | ')} |`
}

const library = loadNativeLibrary()
if (!library.ok) throw new Error(library.error.message)
const lab = await SimulatedLab.open(library.value)
try {
  console.log(
    `${values.brief ? 'as in a sweep; ' : ''}${pairs} pairs in each of three rows: equal arms, a kernel 5 % slower, one 5 % faster`,
  )
  console.log(
    '| clock | one dispatch | rounds | A/A false | A/A same | 5 % slower found | faster | covered, A/A | 5 % |',
  )
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|')
  for (const one of cases.slice(from - 1, to)) {
    const { noise, latencyNs } = one
    const equal = await lab.run({ noise, latencyNs, ratio: 1, pairs })
    const slower = await lab.run({ noise, latencyNs, ratio: 1.05, pairs })
    const faster = await lab.run({ noise, latencyNs, ratio: 0.95, pairs })
    console.log(lineOf(one, [equal, slower, faster]))
  }
  console.log('goals: false ≤ 1 %, found ≥ 90 % (but for the last row), covered 93 to 97 %')
} finally {
  lab.close()
}
