import type { AnalysisReport } from '#contract/analysis.ts'
import { coalescing, deviceBytes, flops, idleLanes, intensity, linesPerAccess } from '#contract/analysis-metrics.ts'
import { significant } from '../format/digits.ts'
import { formatBytes, formatCount, formatPercent } from '../format/quantity.ts'
import { shortCount } from './metrics.ts'

interface Total {
  name: string
  value: string
  note: string
  hint?: string
  /** How much of a bar to fill, and whether more is worse. */
  bar?: { share: number; isBad: boolean }
}

function memoryTotals({ counters: { total }, minimumBytes }: AnalysisReport): Total[] {
  const bytes = deviceBytes(total)
  const times = minimumBytes > 0 ? bytes / minimumBytes : 0
  const share = coalescing(total)
  const lines = linesPerAccess(total)
  return [
    {
      name: 'Device memory',
      value: formatBytes(bytes),
      note: times > 0 ? `${significant(times)} × the operands, ${formatBytes(minimumBytes)}` : 'nothing moved',
      hint: 'Bytes that lanes read from and wrote to device memory, beside every operand moved once. Caches are not modelled.',
    },
    {
      name: 'Coalescing',
      value: share === null ? '–' : formatPercent(share),
      note: lines === null ? 'no access' : `${significant(lines)} lines per access`,
      hint: 'As few 128-byte lines as would have done, as a share of those touched',
      ...(share === null ? {} : { bar: { share, isBad: share < 0.5 } }),
    },
  ]
}

function arithmeticTotals({ counters: { total } }: AnalysisReport): Total[] {
  const perByte = intensity(total)
  const idle = idleLanes(total)
  return [
    {
      name: 'Intensity',
      value: perByte === null ? '–' : `${significant(perByte)} FLOP/B`,
      note: `${shortCount(flops(total))} operations`,
      hint: 'Floating-point operations per byte asked of device memory',
    },
    {
      name: 'Bank conflicts',
      value: shortCount(total.bankConflictCycles),
      note:
        total.threadgroupAccesses > 0
          ? `extra cycles in ${shortCount(total.threadgroupAccesses)} accesses`
          : 'no threadgroup memory',
      hint: `${formatCount(total.bankConflictCycles)} extra cycles of threadgroup memory`,
    },
    {
      name: 'Divergence',
      value: idle === null ? '–' : formatPercent(idle),
      note: 'of lanes idle',
      hint: `Lanes that sat out while others ran; ${formatCount(total.divergentBranches)} of ${formatCount(total.branches)} branches diverged`,
      ...(idle === null ? {} : { bar: { share: idle, isBad: idle > 0.25 } }),
    },
    {
      name: 'Simdgroup operations',
      value: shortCount(total.simdgroupOps),
      note: `${shortCount(total.barriers)} barriers, ${shortCount(total.atomics)} atomics`,
      hint: Object.entries(total.simdgroupOpKinds)
        .map(([kind, count]) => `${kind}: ${formatCount(count)}`)
        .join('\n'),
    },
  ]
}

/** What the kernel did altogether. */
export function Totals({ report }: { report: AnalysisReport }) {
  const totals = [...memoryTotals(report), ...arithmeticTotals(report)]
  return (
    <section aria-label="Totals">
      <dl className="totals">
        {totals.map(({ name, value, note, hint, bar }) => (
          <div className="total" key={name} title={hint}>
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
              {bar && (
                <span className="total-track" aria-hidden="true">
                  <span data-bad={bar.isBad || undefined} style={{ width: `${100 * Math.min(1, bar.share)}%` }} />
                </span>
              )}
              <span className="muted">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
