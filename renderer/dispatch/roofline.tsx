import { formatPercent } from '../format/quantity.ts'
import { useSize } from '../ui/use-size.ts'
import { decades, logPlace, logRange, type RoofMark, type Roofs, rateText, roofAt } from './roofline-scale.ts'

const height = 240
const margin = { left: 56, right: 12, top: 10, bottom: 30 }

interface Props {
  roofs: Roofs
  marks: RoofMark[]
}

/** Operations per second over operations per byte, both by decades: the device's roof, and where this launch stands. */
export function Roofline({ roofs, marks }: Props) {
  const { ref, width } = useSize()
  const ridges = roofs.levels.map(({ bytesPerSecond }) => roofs.flopsPerSecond / bytesPerSecond)
  const x = logRange([...marks.map(({ intensity }) => intensity), ...ridges])
  const lowest = Math.min(...roofs.levels.map((level) => roofAt(roofs, level, x[0] * 2)))
  const timed = marks.flatMap(({ flopsPerSecond }) => (flopsPerSecond === undefined ? [] : [flopsPerSecond]))
  const y = logRange([roofs.flopsPerSecond, lowest, ...timed])
  const inner = { width: Math.max(1, width - margin.left - margin.right), height: height - margin.top - margin.bottom }
  const place = (intensity: number, rate: number) => ({
    x: margin.left + logPlace(intensity, x) * inner.width,
    y: margin.top + (1 - logPlace(rate, y)) * inner.height,
  })
  return (
    <figure className="roofline" ref={ref}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={plotText(roofs, marks)}>
          <Axes x={x} y={y} place={place} />
          {roofs.levels.map((level) => {
            const ridge = roofs.flopsPerSecond / level.bytesPerSecond
            const points = [x[0], Math.min(Math.max(ridge, x[0]), x[1]), x[1]].map((intensity) =>
              place(intensity, Math.max(roofAt(roofs, level, intensity), y[0])),
            )
            const from = Math.max(x[0], y[0] / level.bytesPerSecond)
            const label = place(from * 1.15, Math.min(roofs.flopsPerSecond, from * 1.15 * level.bytesPerSecond))
            points[0] = place(from, roofAt(roofs, level, from))
            return (
              <g key={level.name}>
                <polyline className="roof-line" points={points.map((point) => `${point.x},${point.y}`).join(' ')} />
                <text className="roof-label" x={label.x} y={label.y - 4}>
                  {level.name}
                </text>
              </g>
            )
          })}
          {marks.map((mark) => (
            <Mark
              key={mark.name}
              mark={mark}
              place={place}
              bottom={height - margin.bottom}
              roof={bestRoof(roofs, mark)}
            />
          ))}
        </svg>
      )}
      <figcaption>
        <ul className="roof-key">
          {marks.map((mark) => (
            <li key={mark.name} title={mark.hint}>
              <span
                className={`roof-swatch roof-${mark.tone}`}
                data-point={mark.flopsPerSecond !== undefined || undefined}
              />
              {mark.name}: {Number(mark.intensity.toPrecision(3))} FLOP/B
              {mark.flopsPerSecond !== undefined &&
                `, ${rateText(mark.flopsPerSecond, 'FLOP/s')}, ${formatPercent(mark.flopsPerSecond / memoryRoof(roofs, mark))} of the roof from ${roofs.levels.at(-1)?.name}`}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  )
}

const memoryRoof = (roofs: Roofs, { intensity }: RoofMark) =>
  roofAt(roofs, roofs.levels.at(-1) ?? { bytesPerSecond: 0 }, intensity)

const bestRoof = (roofs: Roofs, { intensity }: RoofMark) =>
  Math.max(...roofs.levels.map((level) => roofAt(roofs, level, intensity)))

type Place = (intensity: number, rate: number) => { x: number; y: number }

function Axes({ x, y, place }: { x: [number, number]; y: [number, number]; place: Place }) {
  const low = place(x[0], y[0])
  const high = place(x[1], y[1])
  return (
    <g className="roof-axes">
      {decades(x).map((value) => (
        <g key={value}>
          <line x1={place(value, y[0]).x} x2={place(value, y[0]).x} y1={low.y} y2={high.y} />
          <text x={place(value, y[0]).x} y={low.y + 13} textAnchor="middle">
            {value >= 1e4 || value < 1e-3 ? value.toExponential(0) : value}
          </text>
        </g>
      ))}
      {decades(y, 5).map((value) => (
        <g key={value}>
          <line x1={low.x} x2={high.x} y1={place(x[0], value).y} y2={place(x[0], value).y} />
          <text x={low.x - 5} y={place(x[0], value).y + 3} textAnchor="end">
            {rateText(value, '')}
          </text>
        </g>
      ))}
      <text x={high.x} y={low.y + 26} textAnchor="end">
        FLOP per byte
      </text>
      <text x={low.x + 4} y={margin.top + 10}>
        FLOP/s
      </text>
    </g>
  )
}

function Mark({ mark, place, bottom, roof }: { mark: RoofMark; place: Place; bottom: number; roof: number }) {
  const top = place(mark.intensity, roof)
  const point = mark.flopsPerSecond === undefined ? null : place(mark.intensity, mark.flopsPerSecond)
  return (
    <g className={`roof-mark roof-${mark.tone}`}>
      <title>{mark.hint}</title>
      {point === null && <line x1={top.x} x2={top.x} y1={bottom} y2={top.y} />}
      {point && <circle cx={point.x} cy={point.y} r={4.5} />}
    </g>
  )
}

function plotText(roofs: Roofs, marks: RoofMark[]): string {
  const levels = roofs.levels.map(({ name, bytesPerSecond }) => `${name} ${rateText(bytesPerSecond, 'B/s')}`)
  const points = marks.map(({ name, intensity }) => `${name} at ${Number(intensity.toPrecision(3))} FLOP per byte`)
  return `Roofline: ${rateText(roofs.flopsPerSecond, 'FLOP/s')} at most; ${levels.join(', ')}. ${points.join('; ')}.`
}
