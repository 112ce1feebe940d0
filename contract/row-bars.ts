import { formatNs } from './quantity-text.ts'
import type { ArmTimes, Row } from './row.ts'

export type BarSeries = 'kernel' | 'baseline' | 'roof' | 'reference'

/** One bar: a time in ns with its 95 % interval where it was measured with one, or why there is none. */
export interface Bar {
  name: string
  series: BarSeries
  ns?: number | undefined
  low?: number | undefined
  high?: number | undefined
  /** Why there is no time, or what the time is. */
  note?: string | undefined
}

/** Bars of one clock, on one axis that begins at 0. */
export interface BarGroup {
  title: string
  bars: Bar[]
}

type Arm = Partial<ArmTimes>
type NamedRow = { row: Row; name: string; series: BarSeries }

/** The clock that an arm's device time was read from, and that time; null of one without. */
export function deviceTime(arm: Arm | undefined): { ns: number; domain: 'GPU' | 'CPU' } | null {
  if (arm?.gpuNs !== undefined) return { ns: arm.gpuNs, domain: 'GPU' }
  return arm?.cpuNs === undefined ? null : { ns: arm.cpuNs, domain: 'CPU' }
}

function deviceBar(arm: Arm | undefined, about: Pick<Bar, 'name' | 'series'>, missing: string): Bar {
  const time = deviceTime(arm)
  return time ? { ...about, ns: time.ns, low: arm?.lowNs, high: arm?.highNs } : { ...about, note: missing }
}

function roofBar({ roof }: Row): Bar {
  const about = { name: 'roof', series: 'roof' } as const
  if (!roof) return { ...about, note: 'the peaks of this device are not known' }
  return { ...about, ns: roof.leastNs, note: `at least, by ${roof.boundBy}` }
}

const whyNone = ({ status, reason }: Row) =>
  status === 'ok' ? 'not measured' : `${status}${reason ? `: ${reason}` : ''}`

/** What the host spends on an arm: on one more dispatch where that was measured, else on recording and handing over. */
function hostBar(arm: Arm | undefined, about: Pick<Bar, 'name' | 'series'>, isSlope: boolean): Bar {
  if (!arm || arm.encodeNs === undefined) return { ...about, note: 'not measured' }
  if (!isSlope) return { ...about, ns: arm.encodeNs + (arm.commitNs ?? 0) }
  const slope = arm.overheadNsPerDispatch
  if (!slope) return { ...about, note: arm.overheadUnresolved === undefined ? 'not measured' : 'not resolved' }
  return { ...about, ns: Math.max(0, slope.value), low: Math.max(0, slope.low), high: slope.high }
}

function groupsOf(kernels: readonly NamedRow[], main: Row): BarGroup[] {
  const { baseline } = main
  const domain = deviceTime(main.kernel)?.domain ?? deviceTime(baseline)?.domain
  if (!domain) return []
  const named = { name: baseline.name, series: 'baseline' } as const
  const isSlope = kernels.some(({ row }) => row.kernel?.overheadNsPerDispatch !== undefined)
  const sameClock = kernels.filter(({ row }) => (deviceTime(row.kernel)?.domain ?? domain) === domain)
  return [
    {
      title: `${domain} time of the device, per iteration`,
      bars: [
        ...sameClock.map(({ row, ...about }) => deviceBar(row.kernel, about, whyNone(row))),
        deviceBar(baseline, named, baseline.missing ?? 'not measured'),
        roofBar(main),
      ],
    },
    {
      title: isSlope ? 'CPU time of the host, per dispatch' : 'CPU time of the host, to record and hand over',
      bars: [
        ...kernels.map(({ row, ...about }) => hostBar(row.kernel, about, isSlope)),
        hostBar(baseline, named, isSlope),
      ],
    },
  ]
}

/** Kernel, baseline and roof of a row: the device's time, and apart from it the host's. Empty of a row without times. */
export function rowBars(row: Row): BarGroup[] {
  return groupsOf([{ row, name: 'kernel', series: 'kernel' }], row)
}

/** The kernels of two rows beside the baseline and the roof of the second; those of another clock are left out. */
export function comparisonBars(reference: Row, row: Row): BarGroup[] {
  const kernels: NamedRow[] = [
    { row: reference, name: 'reference', series: 'reference' },
    { row, name: 'this', series: 'kernel' },
  ]
  return groupsOf(kernels, row)
}

/** The figure of a bar in words: its time with the ends of its interval, or why there is none. */
export function barText({ ns, low, high, note }: Bar): string {
  if (ns === undefined) return note ?? 'not measured'
  const interval = low === undefined || high === undefined ? '' : ` [${formatNs(low)}, ${formatNs(high)}]`
  return `${formatNs(ns)}${interval}${note ? `, ${note}` : ''}`
}
