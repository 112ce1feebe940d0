import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Row } from '#contract/row.ts'
import { useSize } from '../ui/use-size.ts'
import { type ThemeColors, useThemeColors } from '../ui/use-theme-colors.ts'
import { drawBeyond, drawDistributions, drawMedians } from './plot-layers.ts'
import { type SampleSeries, sampleSeries } from './sample-series.ts'

const plotHeight = 168
const marginalWidth = 62

/** Every sample of both arms in the order taken, their medians with intervals, and their distributions at the right. */
export function SamplePlot({ row }: { row: Row }) {
  const host = useRef<HTMLDivElement>(null)
  const { ref, width } = useSize()
  const colors = useThemeColors()
  const series = useMemo(() => sampleSeries(row), [row])
  const [isWhole, setIsWhole] = useState(false)

  useEffect(() => {
    if (!host.current || !series || width < 120) return
    const data = [series.order, series.kernel, series.baseline] as uPlot.AlignedData
    const plot = new uPlot(
      { ...plotOptions(series, { colors, isWhole }), width, height: plotHeight },
      data,
      host.current,
    )
    return () => plot.destroy()
  }, [series, colors, width, isWhole])

  if (!series) return null
  const label = `${row.kernel?.samples.length ?? 0} samples of the kernel and ${row.baseline.samples?.length ?? 0} of ${row.baseline.name}, ${series.domain} time in ${series.unit}`
  return (
    <figure className="sample-plot" ref={ref} title="Drag to zoom, double-click to reset">
      <figcaption>
        <span>
          {series.domain} time per iteration, {series.unit}
        </span>
        <span>
          <span className="series-key series-kernel" /> kernel
        </span>
        <span>
          <span className="series-key series-baseline" /> {row.baseline.name}
        </span>
        {series.beyondCount > 0 && (
          <button type="button" className="link" onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? 'Fit the axis to most samples' : `${series.beyondCount} above the axis: show all`}
          </button>
        )}
      </figcaption>
      <div ref={host} role="img" aria-label={label} style={{ height: plotHeight }} />
    </figure>
  )
}

interface PlotChoices {
  colors: ThemeColors
  /** The axis reaches to the largest sample. */
  isWhole: boolean
}

function plotOptions(series: SampleSeries, { colors, isWhole }: PlotChoices): Omit<uPlot.Options, 'width' | 'height'> {
  const points = (stroke: string): uPlot.Series => ({
    stroke,
    paths: () => null,
    points: { show: true, size: 4.5, width: 1, stroke, fill: stroke, filter: withinAxis },
  })
  const axis: uPlot.Axis = {
    stroke: colors.text3,
    font: `11px ${colors.font}`,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
  }
  const largest = Math.max(...[...series.kernel, ...series.baseline].map((value) => value ?? 0))
  return {
    padding: [8, marginalWidth + 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: true, uni: 20 }, points: { show: false } },
    scales: {
      x: { time: false, range: (_, low, high) => [low - 0.8, high + 0.8] },
      y: { range: (_, low, high) => padded(low, isWhole || high < largest ? high : series.axisTop) },
    },
    axes: [
      { ...axis, size: 22, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...axis, size: 52 },
    ],
    series: [{}, points(colors.kernel), points(colors.baseline)],
    hooks: {
      drawClear: [(plot) => drawMedians(plot, series, colors)],
      draw: [
        (plot) => drawDistributions(plot, series, { colors, width: marginalWidth }),
        (plot) => drawBeyond(plot, series, colors),
      ],
    },
  }
}

/** Samples past the end of the axis are arrowheads at its edge, not cut dots as well. */
function withinAxis(plot: uPlot, at: number, isShown: boolean): number[] | null {
  const { max } = plot.scales.y ?? {}
  const samples = plot.data[at]
  if (!isShown || max == null || !samples) return null
  return Array.from(samples.keys()).filter((index) => (samples[index] ?? Number.POSITIVE_INFINITY) <= max)
}

function padded(low: number, high: number): [number, number] {
  const margin = (high - low || high || 1) * 0.08
  return [Math.max(0, low - margin), high + margin]
}
