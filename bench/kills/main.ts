import { parseArgs } from 'node:util'
import { promisedMs, type TrialResult, trial, victims } from './trial.ts'

/**
 * Kills the lab's processes while somebody types, at random moments: `node bench/kills/main.ts [--count 200] [--seed 1]`.
 * Exits with 1 when a keystroke older than a second is gone, or a file is half written.
 */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
})
const results: TrialResult[] = []
const isBad = ({ lostMs, faults }: TrialResult) => lostMs > promisedMs || faults.length > 0

for (let i = 0; i < Number(values.count); i++) {
  const result = await trial(Number(values.seed) + i)
  results.push(result)
  if (isBad(result)) process.stdout.write(`${JSON.stringify(result)}\n`)
  else if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${values.count}`)
}

const quantile = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
for (const victim of victims) {
  const lost = results.filter((one) => one.victim === victim).map(({ lostMs }) => lostMs)
  if (lost.length === 0) continue
  lost.sort((a, b) => a - b)
  const figures = `median ${quantile(lost, 0.5)} ms, p95 ${quantile(lost, 0.95)} ms, most ${lost.at(-1)} ms`
  process.stdout.write(`${victim}: ${lost.length} kills; age of the oldest lost keystroke: ${figures}\n`)
}
const typed = results.reduce((sum, one) => sum + one.typed, 0)
const bad = results.filter(isBad).length
process.stdout.write(`${results.length} kills, ${typed} keystrokes, ${bad} broken promises\n`)
process.exit(bad > 0 ? 1 : 0)
