import type { DispatchReport } from '#contract/inspect.ts'
import { shapeText } from '../format/shape-text.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'
import { GridPicture } from './grid-picture.tsx'
import { LaunchFacts } from './launch-facts.tsx'
import { OccupancyTable } from './occupancy-table.tsx'
import { RoofSection } from './roof-section.tsx'

const origins: Record<DispatchReport['origin'], string> = {
  manifest: 'the manifest',
  file: "the kernel's launch file",
  family: 'the launch that its family always had',
}

/** One launch: its numbers, its tiles, where it stands under the roof, and what GPUs could hold of it. */
export function DispatchReportView({ report }: { report: DispatchReport }) {
  return (
    <article className="dispatch-report">
      <header>
        <h3>{report.variant}</h3>
        <p className="muted">
          {report.entry} on {shapeText(report.shape)} · {report.device} · launched as {origins[report.origin]} says
        </p>
      </header>
      {report.note && <Warning text={report.note} />}
      {report.problems.map((problem) => (
        <div className="note note-bad" key={problem}>
          <Icon name="error" />
          <span className="note-body">{problem}</span>
        </div>
      ))}
      {!report.build.isOk && <ErrorNote error={report.build.error} />}
      <LaunchFacts report={report} />
      <section aria-label="Tiles">
        <div className="section-title dispatch-title">
          <span>Tiles of C</span>
          {report.tiling && report.tiling.batches * report.tiling.slices > 1 && (
            <span className="muted">
              one of {report.tiling.batches * report.tiling.slices} layers: batches and slices of K
            </span>
          )}
        </div>
        {report.tiling ? (
          <GridPicture tiling={report.tiling} />
        ) : (
          <p className="muted dispatch-small">
            Which outputs a threadgroup has cannot be told: {report.tilingMissing}.
          </p>
        )}
      </section>
      <RoofSection report={report} />
      <OccupancyTable report={report} />
      <Bindings report={report} />
    </article>
  )
}

function Warning({ text }: { text: string }) {
  return (
    <div className="note note-warn">
      <Icon name="warning" />
      <span className="note-body">{text}</span>
    </div>
  )
}

function Bindings({ report: { bindings, constants } }: { report: DispatchReport }) {
  return (
    <section aria-label="Arguments">
      <div className="section-title dispatch-title">Arguments</div>
      <table className="data-table binding-table" aria-label="What each binding receives">
        <tbody>
          {bindings.map(({ index, name, value }) => (
            <tr key={index}>
              <th scope="row" className="mono">
                buffer({index})
              </th>
              <td>{name}</td>
              <td className="number mono">{value}</td>
            </tr>
          ))}
          {constants.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row" className="mono">
                {name}
              </th>
              <td>function constant</td>
              <td className="number mono">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
