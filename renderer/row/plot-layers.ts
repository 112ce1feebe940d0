import type uPlot from 'uplot'
import type { ThemeColors } from '../ui/use-theme-colors.ts'
import { type Band, histogram, type SampleSeries } from './sample-series.ts'

/** The intervals of the medians as bands behind the samples, the medians as lines in them. */
export function drawMedians(plot: uPlot, { medians }: SampleSeries, colors: ThemeColors): void {
  if (medians.baseline) drawBand(plot, medians.baseline, colors.baseline)
  drawBand(plot, medians.kernel, colors.kernel)
}

function drawBand(plot: uPlot, band: Band, color: string): void {
  const { ctx, bbox } = plot
  const top = plot.valToPos(band.high, 'y', true)
  const bottom = plot.valToPos(band.low, 'y', true)
  const middle = plot.valToPos(band.value, 'y', true)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = color
  ctx.globalAlpha = 0.18
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(1, bottom - top))
  ctx.globalAlpha = 0.9
  ctx.fillRect(bbox.left, Math.round(middle), bbox.width, devicePixelRatio)
  ctx.restore()
}

interface MarginalOptions {
  colors: ThemeColors
  width: number
}

const bins = 28

/** A histogram of each arm beside the plot, on the plot's own axis. */
export function drawDistributions(plot: uPlot, series: SampleSeries, { colors, width }: MarginalOptions): void {
  const { min: low, max: high } = plot.scales.y ?? {}
  if (low == null || high == null || high <= low) return
  const arms = [
    { counts: histogram(series.baseline, { low, high, bins }), color: colors.baseline },
    { counts: histogram(series.kernel, { low, high, bins }), color: colors.kernel },
  ]
  const { ctx, bbox } = plot
  const left = bbox.left + bbox.width + 8 * devicePixelRatio
  const step = bbox.height / bins
  ctx.save()
  for (const { counts, color } of arms) {
    const scale = (width * devicePixelRatio) / Math.max(1, ...counts)
    ctx.fillStyle = color
    ctx.globalAlpha = 0.55
    counts.forEach((count, bin) => {
      if (count > 0)
        ctx.fillRect(
          left,
          bbox.top + bbox.height - (bin + 1) * step,
          Math.max(2, count * scale),
          Math.max(1, step - devicePixelRatio),
        )
    })
  }
  ctx.restore()
}

const arrow = 4

/** Samples past the end of the axis, as arrowheads at its edge: none is left out. */
export function drawBeyond(plot: uPlot, series: SampleSeries, colors: ThemeColors): void {
  const { ctx, bbox } = plot
  const top = plot.scales.y?.max ?? Number.POSITIVE_INFINITY
  const size = arrow * devicePixelRatio
  ctx.save()
  for (const [samples, color] of [
    [series.baseline, colors.baseline],
    [series.kernel, colors.kernel],
  ] as const) {
    ctx.fillStyle = color
    samples.forEach((value, index) => {
      if (value === null || value <= top) return
      const x = plot.valToPos(series.order[index] ?? 0, 'x', true)
      if (x < bbox.left || x > bbox.left + bbox.width) return
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x - size, bbox.top + size * 1.6)
      ctx.lineTo(x + size, bbox.top + size * 1.6)
      ctx.fill()
    })
  }
  ctx.restore()
}
