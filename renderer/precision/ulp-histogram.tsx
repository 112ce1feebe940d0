import type { PrecisionReport, PrecisionSide } from '#contract/precision.ts'
import { formatCount, formatPercent } from '../format/quantity.ts'
import { ulpBins } from './ulp-bins.ts'

/** Outputs by distance from the truth, both sides on one axis; heights are logarithmic so that a single bad output shows. */
export function UlpHistogram({ report }: { report: PrecisionReport }) {
  const sides = [report.kernel, ...(report.baseline ? [report.baseline] : [])]
  const bins = ulpBins(sides)
  const most = Math.max(1, ...bins.flatMap((bin) => bin.counts))
  const height = (count: number) => (count === 0 ? 0 : 6 + 94 * (Math.log10(count + 1) / Math.log10(most + 1)))
  return (
    <figure className="ulp">
      <figcaption className="section-title">
        Outputs by ULP distance
        <span className="muted">logarithmic height</span>
      </figcaption>
      <div className="ulp-bars" role="img" aria-label={sides.map(describe).join('. ')}>
        {bins.map((bin) => (
          <div className="ulp-bin" key={bin.label}>
            <div className="ulp-pair">
              {bin.counts.map((count, side) => (
                <div
                  key={sides[side]?.name}
                  className={`ulp-bar series-${side === 0 ? 'kernel' : 'baseline'}`}
                  style={{ height: `${height(count)}%` }}
                  title={`${sides[side]?.name}: ${formatCount(count)} outputs, ${bin.label} ULP`}
                >
                  {count > 0 && <span>{compact(count)}</span>}
                </div>
              ))}
            </div>
            <span className="ulp-label">{bin.label}</span>
          </div>
        ))}
      </div>
    </figure>
  )
}

function describe(side: PrecisionSide): string {
  const total = side.ulpHistogram.reduce((sum, bin) => sum + bin.count, 0)
  const exact = side.ulpHistogram[0]?.count ?? 0
  return `${side.name}: ${formatPercent(total === 0 ? 0 : exact / total)} of ${formatCount(total)} outputs within half a ULP`
}

function compact(count: number): string {
  return count < 1000
    ? String(count)
    : Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count)
}
