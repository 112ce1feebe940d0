import { nameOf } from './cases.ts'
import type { Times } from './measure.ts'
import { ratioOf, speedOf } from './report.ts'

/** A goal, what was measured, and whether that is enough. */
interface Goal {
  what: string
  measured: string
  isMet: boolean
}

const geomean = (values: number[]) => Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length)

function worst(all: Times[], value: (times: Times) => number): { value: number; name: string } {
  const found = all
    .map((times) => ({ value: value(times), name: `${nameOf(times.one)}, ${times.threads} threads` }))
    .filter((one) => Number.isFinite(one.value))
    .sort((a, b) => a.value - b.value)[0]
  return found ?? { value: Number.NaN, name: 'nothing' }
}

// OpenCL 1.2 has no matrices of a subgroup: what stands beside those kernels computes the same tile by other means.
function besidePocl(all: Times[], hasNearest: boolean): Goal {
  const speedups = all
    .filter(({ one, ns }) => one.family === 'sgemm' && one.m === 512 && ns.PoCL !== undefined)
    .filter(({ one }) => hasNearest || !one.name.includes('simd'))
    .map((times) => ratioOf(times, 'auto', 'PoCL'))
  const mean = geomean(speedups)
  const family = hasNearest ? 'with the nearest OpenCL kernel for simdgroup matrices' : 'kernels that OpenCL can say'
  return {
    what: `geometric mean over PoCL ≥ 10 (512³, ${family})`,
    measured: speedups.length > 0 ? `${mean.toFixed(1)} over ${speedups.length} measurements` : 'no PoCL here',
    isMet: mean >= 10,
  }
}

function besideOpenBlas(all: Times[], threads: number): Goal {
  const tiled = all.filter(({ one, threads: used }) => one.isTiled && one.m === 512 && used === threads)
  const { value, name } = worst(tiled, (times) => ratioOf(times, 'auto', 'OpenBLAS'))
  const share = tiled.filter((times) => ratioOf(times, 'auto', 'OpenBLAS') >= 0.25).length
  return {
    what: `tiled kernels ≥ 25 % of OpenBLAS per core (512³, ${threads} threads)`,
    measured: `${share} of ${tiled.length}; the least ${(100 * value).toFixed(0)} % (${name})`,
    isMet: value >= 0.25,
  }
}

function bandwidth(all: Times[]): Goal {
  const rows = all.filter(({ one }) => one.family === 'gemv' && one.n === 9728)
  const { value, name } = worst(rows, (times) => speedOf(times, 'auto') / speedOf(times, 'OpenBLAS'))
  return {
    what: 'GEMV ≥ 50 % of OpenBLAS’s bandwidth (n=9728, k=896)',
    measured: `the least ${(100 * value).toFixed(0)} % (${name})`,
    isMet: value >= 0.5,
  }
}

function scaling(all: Times[]): Goal {
  const pairs = all
    .filter(({ threads, one }) => threads === 1 && one.m !== 128)
    .map((one) => ({ one, two: all.find((other) => other.one === one.one && other.threads === 2) }))
  const speedups = pairs.flatMap(({ one, two }) =>
    two?.ns.auto ? [{ times: one, value: (one.ns.auto ?? 0) / two.ns.auto }] : [],
  )
  const { value, name } = worst(
    speedups.map(({ times }) => times),
    (times) => speedups.find((one) => one.times === times)?.value ?? Number.NaN,
  )
  const mean = geomean(speedups.map((one) => one.value))
  return {
    what: 'from 1 to 2 threads ≥ 1.7×',
    measured: `geometric mean ${mean.toFixed(2)}, the least ${value.toFixed(2)} (${name.replace(/, 1 threads/, '')})`,
    isMet: value >= 1.7,
  }
}

function neverSlower(all: Times[]): Goal {
  const { value, name } = worst(all, (times) =>
    Math.min(
      ratioOf(times, 'auto', 'fiber'),
      times.ns.loop === undefined ? Number.POSITIVE_INFINITY : ratioOf(times, 'auto', 'loop'),
    ),
  )
  return {
    what: 'auto never slower than fiber or loop by more than 5 %',
    measured: `the least ${value.toFixed(2)} (${name})`,
    isMet: value >= 0.95,
  }
}

/** The goals as a Markdown table. */
export function goals(all: Times[]): string {
  const list = [
    besidePocl(all, false),
    besidePocl(all, true),
    besideOpenBlas(all, 1),
    besideOpenBlas(all, 2),
    bandwidth(all),
    scaling(all),
    neverSlower(all),
  ]
  return [
    '| goal | measured | met |',
    '|---|---|---|',
    ...list.map(({ what, measured, isMet }) => `| ${what} | ${measured} | ${isMet ? 'yes' : 'no'} |`),
  ].join('\n')
}
