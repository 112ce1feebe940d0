import type { Estimate } from '#harness/bench/statistics.ts'
import { nameOf } from './cases.ts'
import type { Measured } from './measure.ts'
import { geometricMean, ratioOf, type SideKey } from './ratios.ts'
import { findSide } from './side.ts'

/** A goal, and what was measured: the estimate that must reach `least`, or null when nothing was measured. */
export interface Goal {
  what: string
  least: number
  estimate: Estimate | null
  /** What the estimate is of, and what else there is to say. */
  detail: string
  /** How the estimate is written. */
  unit: '×' | '%'
}

interface Named {
  name: string
  estimate: Estimate
}

const allThreads = [1, 2]

function ratios(all: readonly Measured[], side: SideKey, other: SideKey): Named[] {
  const threads = side[1] === other[1] ? `, ${side[1]} thread${side[1] === 1 ? '' : 's'}` : ''
  return all.flatMap((measured) => {
    const estimate = ratioOf(measured, side, other)
    return estimate ? [{ name: nameOf(measured.one) + threads, estimate }] : []
  })
}

const least = (found: readonly Named[]): Named | null =>
  found.reduce<Named | null>((a, b) => (a && a.estimate.value <= b.estimate.value ? a : b), null)

// OpenCL 1.2 has no matrices of a subgroup: what stands beside those kernels computes the same tile by other means.
function besidePocl(all: readonly Measured[], hasNearest: boolean): Goal {
  const family = all
    .filter(({ one }) => one.family === 'sgemm' && one.m === 512)
    .filter(({ one }) => hasNearest || !one.name.includes('simd'))
  const found = allThreads.flatMap((threads) => ratios(family, ['auto', threads], ['PoCL', threads]))
  const kind = hasNearest ? 'with the nearest OpenCL kernel for simdgroup matrices' : 'kernels that OpenCL can say'
  const worst = least(found)
  return {
    what: `geometric mean over PoCL ≥ 10 (512³, ${kind})`,
    least: 10,
    estimate: geometricMean(found.map(({ estimate }) => estimate)),
    detail: worst ? `${found.length} ratios; the least ${worst.estimate.value.toFixed(1)}, ${worst.name}` : '',
    unit: '×',
  }
}

function besideOpenBlas(all: readonly Measured[], threads: number): Goal {
  const tiled = all.filter(({ one }) => one.isTiled && one.m === 512)
  const found = ratios(tiled, ['auto', threads], ['OpenBLAS', threads])
  const worst = least(found)
  const enough = found.filter(({ estimate }) => estimate.value >= 0.25).length
  return {
    what: `tiled kernels ≥ 25 % of OpenBLAS per core (512³, ${threads} thread${threads === 1 ? '' : 's'})`,
    least: 0.25,
    estimate: worst?.estimate ?? null,
    detail: worst ? `the least of ${found.length}, ${worst.name}; ${enough} reach it` : '',
    unit: '%',
  }
}

function bandwidth(all: readonly Measured[]): Goal {
  const rows = all.filter(({ one }) => one.family === 'gemv' && one.n === 9728)
  const worst = least(allThreads.flatMap((threads) => ratios(rows, ['auto', threads], ['OpenBLAS', threads])))
  return {
    what: 'GEMV ≥ 50 % of OpenBLAS’s bandwidth (n=9728, k=896)',
    least: 0.5,
    estimate: worst?.estimate ?? null,
    detail: worst ? `the least, ${worst.name}` : '',
    unit: '%',
  }
}

function scaling(all: readonly Measured[]): Goal {
  const rows = all.filter(({ one }) => one.m !== 128)
  const of = (side: 'auto' | 'PoCL' | 'OpenBLAS') => ratios(rows, [side, 2], [side, 1])
  const mean = (found: readonly Named[]) => geometricMean(found.map(({ estimate }) => estimate))
  const worst = least(of('auto'))
  const others = (['PoCL', 'OpenBLAS'] as const).flatMap((side) => {
    const estimate = mean(of(side))
    return estimate ? [`${side} ${estimate.value.toFixed(2)}`] : []
  })
  const beside = others.length > 0 ? `; in the same rounds ${others.join(', ')}` : ''
  return {
    what: 'from 1 to 2 threads ≥ 1.7× (geometric mean; all but 128³)',
    least: 1.7,
    estimate: mean(of('auto')),
    detail: worst ? `the least ${worst.estimate.value.toFixed(2)}, ${worst.name}${beside}` : '',
    unit: '×',
  }
}

function neverSlower(all: readonly Measured[]): Goal {
  const rivals = allThreads.flatMap((threads) =>
    (['fiber', 'loop'] as const).flatMap((tier) => ratios(all, ['auto', threads], [tier, threads])),
  )
  const worst = least(rivals)
  return {
    what: 'auto never slower than fiber or loop by more than 5 %',
    least: 0.95,
    estimate: worst?.estimate ?? null,
    detail: worst ? `the least of ${rivals.length}, ${worst.name}` : '',
    unit: '×',
  }
}

/** Whether a goal is reached: its interval may lie on one side of it, or hold it. */
export function verdictOn({ estimate, least: goal }: Pick<Goal, 'estimate' | 'least'>): string {
  if (!estimate) return 'not measured'
  if (estimate.low >= goal) return 'yes'
  if (estimate.high < goal) return 'no'
  return estimate.value >= goal ? 'yes, within noise' : 'no, within noise'
}

/** Ratios of auto to the tier that it took: the same build twice, so that every difference is the measurement's. */
export function sameBuildTwice(all: readonly Measured[]): Named[] {
  return all.flatMap((measured) =>
    allThreads.flatMap((threads) => {
      const tier = findSide(measured.outcomes, 'auto', threads)?.chosen?.tier
      const known = measured.outcomes.find(({ name }) => name === tier)?.name
      return known ? ratios([measured], ['auto', threads], [known, threads]) : []
    }),
  )
}

function gauge(all: readonly Measured[]): string {
  const pairs = sameBuildTwice(all)
  if (pairs.length === 0) return 'not measured'
  const apart = ({ estimate }: Named) => Math.abs(Math.log(estimate.value))
  const furthest = pairs.reduce((a, b) => (apart(a) >= apart(b) ? a : b))
  const outside = pairs.filter(({ estimate }) => estimate.low > 1 || estimate.high < 1).length
  return (
    `${outside} of ${pairs.length} intervals leave out 1 (by chance 5 %); furthest off ` +
    `${furthest.estimate.value.toFixed(3)}, ${furthest.name}`
  )
}

function wrongResults(all: readonly Measured[]): { text: string; isMet: string } {
  const outcomes = all.flatMap((measured) => measured.outcomes)
  const wrong = outcomes.filter((outcome) => outcome.wrong !== null).length
  const isMet = outcomes.length === 0 ? 'not measured' : wrong === 0 ? 'yes' : 'no'
  return { text: `${wrong} wrong of ${outcomes.length}`, isMet }
}

function write({ estimate, unit, detail }: Goal): string {
  if (!estimate) return '–'
  const number = (value: number) => (unit === '%' ? (100 * value).toFixed(0) : value.toFixed(2))
  const { value, low, high } = estimate
  return `${number(value)}${unit === '%' ? ' %' : ''} (${number(low)} to ${number(high)}); ${detail}`
}

/** The goals as a Markdown table. */
export function goals(all: readonly Measured[]): string {
  const list = [
    besidePocl(all, false),
    besidePocl(all, true),
    besideOpenBlas(all, 1),
    besideOpenBlas(all, 2),
    bandwidth(all),
    scaling(all),
    neverSlower(all),
  ]
  const wrong = wrongResults(all)
  return [
    '| goal | measured (95 % interval) | met |',
    '|---|---|---|',
    ...list.map((goal) => `| ${goal.what} | ${write(goal)} | ${verdictOn(goal)} |`),
    `| every output within the derived bound, else no time | ${wrong.text} | ${wrong.isMet} |`,
    `| A/A: auto beside the tier it took, the same build | ${gauge(all)} | |`,
  ].join('\n')
}
