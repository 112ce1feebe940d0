// Whether measurements of one unchanged kernel agree as closely as they print: each in a process of its own, as someone
// would type it again and again; and the same of a baseline as both arms, whose ratio is 1.
// Run: npm run bench -- repeats; node bench/repeats/main.ts COUNT: so many of each instead of twelve.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Row, rowSchema } from '#contract/row.ts'
import { median } from '#harness/bench/statistics.ts'
import { parseShape } from '#harness/catalog/shape-text.ts'
import { must } from '../device/contest.ts'
import { measureSelf, type Run } from './self.ts'

const root = join(import.meta.dirname, '..', '..')
const [mode, selfShape] = process.argv.slice(2)
const count = Number(mode ?? 12)

const kernels: [variant: string, shape: string][] = [
  ['m1/dot_product_bn64_tg128', 'm=1,n=896,k=896,tB=1'],
  ['m1/dot_product_bn64_tg128', 'm=1,n=896,k=4864,tB=1'],
  ['sgemm/block_2d_8x8_f16', 'm=64,n=896,k=896'],
]
const selves = ['m=1,n=896,k=896,tB=1,dtype=f16', 'm=128,n=896,k=896,dtype=f16']

function outputOf(script: string, args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, script), ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: ${stderr}`)
  return stdout
}

function bench(variant: string, shape: string): Run {
  const text = outputOf('harness/cli/klab.mjs', ['bench', '--variant', variant, '--shape', shape, '--json'])
  const row: Row = rowSchema.parse((JSON.parse(text) as { rows: unknown[] }).rows[0])
  if (!row.ratio || !row.verdict || !row.kernel) throw new Error(`${variant} ${shape}: ${row.status}, ${row.reason}`)
  const { value, low, high } = row.ratio
  const { low: low2, high: high2 } = row.repeats ?? {}
  const ms = ((row.kernel.cpuNs ?? row.kernel.gpuNs ?? Number.NaN) / 1e6).toPrecision(3)
  return {
    ratio: { value, low, high },
    verdict: row.verdict,
    text: `${ms} ms, ${row.kernel.samples.length} samples, ${row.stop}; others had ${row.neighbours?.processors ?? '?'} processors`,
    ...(low2 === undefined || high2 === undefined ? {} : { repeats: { low: low2, high: high2 } }),
  }
}

const self = (shape: string): Run => JSON.parse(outputOf('bench/repeats/main.ts', ['self', shape])) as Run

const excludes = (one: Run, other: Run) => other.ratio.value < one.ratio.low || other.ratio.value > one.ratio.high
const areApart = (one: Run, other: Run) => one.ratio.high < other.ratio.low || other.ratio.high < one.ratio.low

function report(name: string, run: () => Run, truth?: number): void {
  console.log(name)
  const runs: Run[] = []
  for (let i = 0; i < count; i++) {
    const one = run()
    const { ratio, verdict, text, repeats } = one
    runs.push(one)
    const allowed = repeats ? `, allowing for repeats ${repeats.low.toFixed(3)} to ${repeats.high.toFixed(3)}` : ''
    console.log(
      `  ${ratio.value.toFixed(4)}  (${ratio.low.toFixed(4)} to ${ratio.high.toFixed(4)}${allowed})  ${verdict.padEnd(9)}  ${text}`,
    )
  }
  const pairs = runs.flatMap((one, i) => runs.slice(i + 1).map((other): [Run, Run] => [one, other]))
  const disagree = pairs.filter(([one, other]) => excludes(one, other) && excludes(other, one)).length
  const apart = pairs.filter(([one, other]) => areApart(one, other)).length
  const values = runs.map(({ ratio }) => ratio.value)
  const spread = Math.max(...values) / Math.min(...values) - 1
  console.log(
    `  of ${pairs.length} pairs ${disagree} exclude each other's ratio, the intervals of ${apart} do not meet; largest ÷ smallest ratio ${(1 + spread).toFixed(4)}`,
  )
  const middle = median(values)
  const here = runs.filter(({ ratio }) => ratio.low <= middle && middle <= ratio.high).length
  const known = runs.filter(({ repeats }) => repeats)
  const covering = known.filter(({ repeats }) => repeats!.low <= middle && middle <= repeats!.high).length
  console.log(
    `  the median of all, ${middle.toFixed(4)}, lies in ${here} of ${count} intervals of one process, and in ${covering} of the ${known.length} that allow for repeats`,
  )
  if (truth === undefined) return
  const missed = runs.filter(({ ratio }) => truth < ratio.low || truth > ratio.high).length
  const called = runs.filter(({ verdict }) => verdict === 'FAST' || verdict === 'SLOW').length
  console.log(`  ${missed} of ${count} intervals miss ${truth}, ${called} call a winner`)
}

if (mode === 'self') console.log(JSON.stringify(await measureSelf(must(parseShape(selfShape ?? '')))))
else {
  for (const [variant, shape] of kernels) report(`${variant}  ${shape}`, () => bench(variant, shape))
  for (const shape of selves) report(`the baseline against itself  ${shape}`, () => self(shape), 1)
}
