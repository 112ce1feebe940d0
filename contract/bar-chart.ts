import { type Bar, type BarGroup, type BarSeries, barText } from './row-bars.ts'

export type ChartTone = BarSeries | 'text' | 'muted' | 'track' | 'interval'

/** What a chart is drawn of, in pixels from its upper left corner. The window and a written SVG draw the same. */
export type ChartShape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; tone: ChartTone }
  | { kind: 'line'; x1: number; y1: number; x2: number; y2: number; tone: ChartTone }
  | { kind: 'text'; x: number; y: number; text: string; tone: ChartTone; isStrong?: boolean }

export interface BarChart {
  width: number
  height: number
  shapes: ChartShape[]
}

const titleHeight = 20
const lineHeight = 30
const groupGap = 8
const barHeight = 8
/** Of a character of the text beside a bar, at most. */
const characterWidth = 6.4

const rounded = (value: number) => Math.round(value * 10) / 10

function barShapes(bar: Bar, at: { top: number; width: number; scale: number }): ChartShape[] {
  const { top, width, scale } = at
  const y = top + 17
  const shapes: ChartShape[] = [
    { kind: 'text', x: 0, y: top + 12, text: bar.name, tone: 'text' },
    { kind: 'text', x: 84, y: top + 12, text: fitted(barText(bar), width - 84), tone: 'muted' },
    { kind: 'rect', x: 0, y, width, height: barHeight, tone: 'track' },
  ]
  if (bar.ns === undefined) return shapes
  const x = (ns: number) => rounded(Math.min(width, ns * scale))
  shapes.push({ kind: 'rect', x: 0, y, width: Math.max(1, x(bar.ns)), height: barHeight, tone: bar.series })
  if (bar.low === undefined || bar.high === undefined) return shapes
  const [low, high, middle] = [x(bar.low), Math.max(x(bar.high), x(bar.low) + 1), y + barHeight / 2]
  return [
    ...shapes,
    { kind: 'line', x1: low, y1: middle, x2: high, y2: middle, tone: 'interval' },
    { kind: 'line', x1: low, y1: y - 1, x2: low, y2: y + barHeight + 1, tone: 'interval' },
    { kind: 'line', x1: high, y1: y - 1, x2: high, y2: y + barHeight + 1, tone: 'interval' },
  ]
}

function fitted(text: string, width: number): string {
  const most = Math.max(8, Math.floor(width / characterWidth))
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** Bars of each group on an axis of its own from 0 to its longest, drawn `width` pixels wide. */
export function layOutBars(groups: readonly BarGroup[], width: number): BarChart {
  const shapes: ChartShape[] = []
  let top = 0
  for (const { title, bars } of groups) {
    const longest = Math.max(...bars.map(({ ns = 0, high = 0 }) => Math.max(ns, high)))
    const scale = longest > 0 ? width / longest : 0
    shapes.push({ kind: 'text', x: 0, y: top + 13, text: title, tone: 'text', isStrong: true })
    top += titleHeight
    for (const bar of bars) {
      shapes.push(...barShapes(bar, { top, width, scale }))
      top += lineHeight
    }
    top += groupGap
  }
  return { width, height: Math.max(0, top - groupGap), shapes }
}

/** A chart in one sentence, for whoever cannot see it. */
export function barsText(groups: readonly BarGroup[]): string {
  return groups
    .map(({ title, bars }) => `${title}: ${bars.map((bar) => `${bar.name} ${barText(bar)}`).join('; ')}.`)
    .join(' ')
}
