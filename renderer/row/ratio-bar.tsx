import type { Interval, IntervalText } from '../format/digits.ts'

const width = 150
const height = 30
const minSpan = Math.log(1.1)

/** The ratio and its interval on a logarithmic axis around 1, with the ±1 % band in which two arms are the same. */
export function RatioBar({ ratio, text }: { ratio: Interval; text: IntervalText }) {
  const span = Math.max(minSpan, Math.abs(Math.log(ratio.low)), Math.abs(Math.log(ratio.high))) * 1.15
  const x = (value: number) => width / 2 + (Math.log(value) / span) * (width / 2)
  const y = 11
  return (
    <svg
      className="ratio-bar"
      width={width}
      height={height}
      role="img"
      aria-label={`Ratio ${text.value}, 95 % interval ${text.low} to ${text.high}`}
    >
      <rect className="ratio-same" x={x(0.99)} width={x(1.01) - x(0.99)} y={2} height={18} />
      <line className="ratio-axis" x1={0} x2={width} y1={y} y2={y} />
      <line className="ratio-one" x1={width / 2} x2={width / 2} y1={2} y2={20} />
      <line className="ratio-interval" x1={x(ratio.low)} x2={x(ratio.high)} y1={y} y2={y} />
      <circle className="ratio-value" cx={x(ratio.value)} cy={y} r={3.5} />
      <text x={0} y={29}>
        faster
      </text>
      <text x={width / 2} y={29} textAnchor="middle">
        1
      </text>
      <text x={width} y={29} textAnchor="end">
        slower
      </text>
    </svg>
  )
}
