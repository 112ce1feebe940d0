import { useMemo } from 'react'
import { type BarChart, barsText, type ChartShape, layOutBars } from '#contract/bar-chart.ts'
import { type BarGroup, barText } from '#contract/row-bars.ts'
import { useSize } from '../ui/use-size.ts'
import './row-bars.css'

const most = 620

/** Times as bars with their intervals, each clock on an axis of its own; the same figures as a table for who cannot see it. */
export function Bars({ groups, label }: { groups: readonly BarGroup[]; label: string }) {
  const { ref, width } = useSize()
  const chart = useMemo(() => layOutBars(groups, Math.min(most, Math.floor(width))), [groups, width])
  if (groups.length === 0) return null
  return (
    <figure className="bars" ref={ref}>
      {width > 0 && <Drawing chart={chart} label={`${label}. ${barsText(groups)}`} />}
      <table className="visually-hidden" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Clock</th>
            <th scope="col">Of</th>
            <th scope="col">Time, with its 95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {groups.flatMap(({ title, bars }) =>
            bars.map((bar) => (
              <tr key={`${title} ${bar.name}`}>
                <td>{title}</td>
                <th scope="row">{bar.name}</th>
                <td>{barText(bar)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </figure>
  )
}

function Drawing({ chart: { width, height, shapes }, label }: { chart: BarChart; label: string }) {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {shapes.map((shape) => (
        <Drawn key={keyOf(shape)} shape={shape} />
      ))}
    </svg>
  )
}

const keyOf = (shape: ChartShape) =>
  shape.kind === 'line'
    ? `line ${shape.x1} ${shape.x2} ${shape.y1}`
    : `${shape.kind} ${shape.tone} ${shape.x} ${shape.y}`

function Drawn({ shape }: { shape: ChartShape }) {
  const className = `bars-${shape.tone}`
  switch (shape.kind) {
    case 'rect':
      return <rect className={className} x={shape.x} y={shape.y} width={shape.width} height={shape.height} />
    case 'line':
      return <line className={className} x1={shape.x1} y1={shape.y1} x2={shape.x2} y2={shape.y2} />
    case 'text':
      return (
        <text className={className} x={shape.x} y={shape.y} fontWeight={shape.isStrong ? 600 : undefined}>
          {shape.text}
        </text>
      )
  }
}
