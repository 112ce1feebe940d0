import { deviceBytes, flops } from '#contract/analysis-metrics.ts'
import type { DispatchReport } from '#contract/inspect.ts'
import type { ArmTimes, Row } from '#contract/row.ts'
import { measurePeaks } from '../commands/inspect-dispatch.ts'
import { currentTarget } from '../commands/run-options.ts'
import { formatAge } from '../format/age.ts'
import { formatBytes, formatTime } from '../format/quantity.ts'
import { isSameShape } from '../format/shape-text.ts'
import { targetKey } from '../selection/targets.ts'
import type { AnalysisView } from '../state/analysis-slice.ts'
import { useLab } from '../state/store.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Roofline } from './roofline.tsx'
import { type RoofMark, roofsOf } from './roofline-scale.ts'

/** Where this launch stands under the device's roof, as the lab measured it. */
export function RoofSection({ report }: { report: DispatchReport }) {
  const peaks = useLab((state) => state.peaks[report.device] ?? null)
  const row = useLab((state) => newestRow(state.rows, report))
  const analysis = useLab((state) => {
    const choice = currentTarget(state)
    const view = choice ? state.analyses[targetKey(choice)] : undefined
    return view?.report.shape && isSameShape(view.report.shape, report.shape) ? view : null
  })
  const isMeasuring = useLab((state) => state.isMeasuringPeaks)
  const error = useLab((state) => state.peaksError)
  const roofs = roofsOf(report, peaks, row)
  return (
    <section aria-label="Roofline">
      <div className="section-title dispatch-title">
        <span>Roofline</span>
        {!peaks && (
          <button
            type="button"
            className="button"
            disabled={isMeasuring}
            onClick={() => void measurePeaks(report.device)}
            title="Reads, copies and multiplies on the device as fast as it can: some tenths of a second, behind the runs that wait"
          >
            {isMeasuring ? 'Measuring…' : `Measure the roof of ${report.device}`}
          </button>
        )}
      </div>
      {error && <ErrorNote error={error} />}
      {roofs ? (
        <>
          <Roofline roofs={roofs} marks={marksOf(report, row, analysis)} />
          <p className="muted dispatch-small">
            Peaks as the lab measured them on {report.device}, {agoText(roofs.measuredAt)}.
            {!row && ' No bench of this kernel on this shape yet: a bench adds its point.'}
            {!peaks && ' Only the level that the last bench met is known.'}
          </p>
        </>
      ) : (
        <p className="muted dispatch-small">
          The peaks of {report.device} were not measured yet. A bench measures them too, and adds the kernel's point.
        </p>
      )}
    </section>
  )
}

function newestRow(rows: readonly Row[], { variant, shape, device }: DispatchReport): Row | null {
  const found = rows.find(
    (row) => row.variant === variant && row.device === device && row.status === 'ok' && isSameShape(row.shape, shape),
  )
  return found ?? null
}

const medianOf = (arm: Partial<ArmTimes> | undefined) => arm?.gpuNs ?? arm?.cpuNs

function timedMark(report: DispatchReport, arm: { name: string; ns: number; tone: RoofMark['tone'] }): RoofMark {
  return {
    name: arm.name,
    intensity: report.intensity.value,
    flopsPerSecond: (report.flops.value * 1e9) / arm.ns,
    tone: arm.tone,
    hint: `${report.flops.formula} operations ÷ ${formatTime(arm.ns)}, the median of the newest bench; at the bytes that no kernel can do without`,
  }
}

function marksOf(report: DispatchReport, row: Row | null, analysis: AnalysisView | null): RoofMark[] {
  const marks: RoofMark[] = []
  const [kernelNs, baselineNs] = [medianOf(row?.kernel), medianOf(row?.baseline)]
  if (kernelNs) marks.push(timedMark(report, { name: 'Kernel', ns: kernelNs, tone: 'kernel' }))
  if (row && baselineNs) marks.push(timedMark(report, { name: row.baseline.name, ns: baselineNs, tone: 'baseline' }))
  marks.push({
    name: 'At the least',
    intensity: report.intensity.value,
    tone: 'plain',
    hint: `${report.intensity.formula}: every operand read once, the output written once`,
  })
  if (report.tiling)
    marks.push({
      name: 'Tile by tile',
      intensity: report.flops.value / report.tiling.tileBytes.value,
      tone: 'plain',
      hint: `${report.flops.value} operations ÷ ${report.tiling.tileBytes.value} bytes: ${report.tiling.tileBytes.formula}`,
    })
  const total = analysis?.report.counters.total
  const bytes = total ? deviceBytes(total) : 0
  if (total && bytes > 0)
    marks.push({
      name: `Counted${analysis?.isStale ? ' (older text)' : ''}`,
      intensity: flops(total) / bytes,
      tone: 'plain',
      hint: `${flops(total)} operations ÷ ${formatBytes(bytes)} that lanes asked device memory for, as the analysis of this launch counted; caches are not modelled`,
    })
  return marks
}

function agoText(iso: string): string {
  const age = formatAge(iso, Date.now())
  return age === 'now' ? 'just now' : `${age} ago`
}
