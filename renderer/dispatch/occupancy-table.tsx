import type { DispatchReport, Occupancy } from '#contract/inspect.ts'
import { significant } from '../format/digits.ts'
import { formatPercent } from '../format/quantity.ts'
import { Badge } from '../ui/badge.tsx'

/** What GPUs could keep of the launch at once: by their documented limits, not measured. */
export function OccupancyTable({ report }: { report: DispatchReport }) {
  return (
    <section aria-label="Occupancy">
      <div className="section-title dispatch-title">
        <span>Occupancy</span>
        <Badge tone="warn" title="From the limits of each model alone: nothing was run on it">
          estimate
        </Badge>
      </div>
      <table className="data-table occupancy-table" aria-label="Estimated occupancy">
        <thead>
          <tr>
            <th scope="col">GPU</th>
            <th scope="col">Held at once by a core</th>
            <th scope="col">Limited by</th>
            <th scope="col" className="number">
              Waves
            </th>
          </tr>
        </thead>
        <tbody>
          {report.occupancy.map((estimate) => (
            <OccupancyRow key={estimate.model} estimate={estimate} />
          ))}
        </tbody>
      </table>
      <p className="muted dispatch-small">
        Registers are counted only where a build for the GPU tells them. Apple GPUs since M3 share one memory among
        registers, threadgroup memory and cache: no such limits hold there, and none is shown.
      </p>
    </section>
  )
}

function OccupancyRow({ estimate }: { estimate: Occupancy }) {
  const { model, source, share, limits, limitedBy, refusal, waves } = estimate
  const all = limits
    .map(({ resource, groups, formula }) => `${resource}: ${groups ?? 'unknown'} (${formula})`)
    .join('\n')
  return (
    <tr>
      <th scope="row" title={source}>
        {model}
      </th>
      <td title={share.formula}>
        <span className="occupancy-bar">
          <span className="occupancy-track" aria-hidden="true">
            <span style={{ width: `${Math.min(1, share.value) * 100}%` }} />
          </span>
          {formatPercent(share.value)}
        </span>
      </td>
      <td title={all}>{refusal ?? limitedBy}</td>
      <td className="number" title={waves.formula}>
        {refusal ? '–' : significant(waves.value)}
      </td>
    </tr>
  )
}
