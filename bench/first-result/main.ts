// Click → result row for m=1, n=896, k=896, warm: the whole of bench.start until run.finished, with compile, verification,
// interleaved measuring and gauge. Run: npm run bench -- first-result
import { nextOutcome, openLab } from '../lab.ts'
import { quantile } from '../statistics.ts'

const rounds = 9
const lab = await openLab()
const shape = { m: 1, n: 896, k: 896, tB: true }
const target = { kind: 'variant' as const, id: 'm1/dot_product_bn64_tg128' }
const times: number[] = []
for (let round = -1; round < rounds; round++) {
  const outcome = nextOutcome(lab)
  const start = performance.now()
  const run = await lab.request('bench.start', { target, shape, device: 'cpu', seed: round + 2 })
  if (!run.ok) throw new Error(run.error.message)
  const finished = await outcome
  const elapsed = performance.now() - start
  if (finished.kind !== 'bench' || finished.row.status !== 'ok') throw new Error(JSON.stringify(finished).slice(0, 500))
  console.log(
    round < 0
      ? `first click of this process: ${elapsed.toFixed(0)} ms`
      : `click ${round + 1}: ${elapsed.toFixed(0)} ms`,
  )
  if (round >= 0) times.push(elapsed)
}
await lab.close()
console.log(
  `warm: p50 ${quantile(times, 0.5).toFixed(0)} ms, max ${Math.max(...times).toFixed(0)} ms of ${rounds} (goal ≤ 1000 ms)`,
)
