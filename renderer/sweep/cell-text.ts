import { layoutText } from '#contract/row.ts'
import { outcomeOf, type SweepCell, type SweepFigures, type SweepMatrix, shapeOfCell } from '#contract/sweep.ts'
import { formatAge } from '../format/age.ts'
import { formatInterval } from '../format/digits.ts'
import { shapeText } from '../format/shape-text.ts'
import type { SweepShow } from '../state/sweep-slice.ts'

export type CellTone = 'good' | 'bad' | 'warn' | 'same' | 'gap' | 'waiting' | 'running'

export interface CellLook {
  /** What the cell says: a ratio, or one word. */
  text: string
  /** In front of a ratio, so that colour is not needed to read it. */
  sign: string
  tone: CellTone
  /** 0 to 100: how far the ratio is from 1, a factor of four and beyond being 100. */
  heat: number
}

const signs = { FAST: '▲', SLOW: '▼', SAME: '=', AMBIGUOUS: '?' } as const
const tones = { FAST: 'good', SLOW: 'bad', SAME: 'same', AMBIGUOUS: 'warn' } as const

/** Words for everything that is no ratio, short enough for a cell. */
const words: Record<Exclude<SweepCell['state'], 'ok'>, { text: string; tone: CellTone }> = {
  gap: { text: '', tone: 'gap' },
  waiting: { text: '', tone: 'waiting' },
  running: { text: 'running', tone: 'running' },
  wrong: { text: 'wrong', tone: 'bad' },
  timeout: { text: 'timed out', tone: 'bad' },
  'device-lost': { text: 'lost', tone: 'bad' },
  failed: { text: 'failed', tone: 'bad' },
  invalid: { text: 'invalid', tone: 'warn' },
  unsupported: { text: 'refused', tone: 'warn' },
  cancelled: { text: 'cancelled', tone: 'waiting' },
}

/** What a cell shows. */
export function cellLook(cell: SweepCell): CellLook {
  const { state, ratio, verdict } = outcomeOf(cell)
  if (state !== 'ok') return { ...words[state], sign: '', heat: 0 }
  if (!ratio || !verdict) return { text: 'ran', sign: '', tone: 'same', heat: 0 }
  const { value } = ratio
  const heat = Math.round(Math.min(1, Math.abs(Math.log2(value)) / 2) * 100)
  return { text: ratioDigits(value), sign: signs[verdict], tone: tones[verdict], heat }
}

/** A ratio at a glance: two decimals, fewer where they say nothing. */
function ratioDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Of a cell that was measured before this sweep: how long ago. */
export function cachedAge({ isCached, measuredAt }: SweepFigures, nowMs: number): string {
  return isCached && measuredAt ? formatAge(measuredAt, nowMs) : ''
}

/** The same where there is room for five characters: `12 m`, `3 h`. */
export function shortAge(cell: SweepCell, nowMs: number): string {
  return cachedAge(cell, nowMs).replace(' min', ' m')
}

/** A cell in a sentence, for those who hear it or rest on it. */
export function cellSentence(cell: SweepCell, matrix: SweepMatrix, nowMs: number): string {
  const variant = matrix.variants[cell.variant]?.id ?? ''
  const shape = shapeText(shapeOfCell(matrix, cell))
  const age = cachedAge(cell, nowMs)
  const parts = [
    `${variant} on ${shape}${cell.layout ? ` (${layoutText(cell.layout)})` : ''}: ${stateText(cell)}`,
    cell.again && `again: ${stateText(cell.again)}`,
    age && (age === 'now' ? 'measured just now, before this sweep' : `measured ${age} ago`),
  ].filter(Boolean)
  return parts.join(', ')
}

/** What became of a pair. */
export function stateText(cell: Pick<SweepCell, 'state' | 'reason' | 'ratio' | 'verdict' | 'verdictReason'>): string {
  const { state, reason, ratio, verdict, verdictReason: why } = cell
  const because = reason ? `: ${reason}` : ''
  if (state === 'gap') return `gap${because}`
  if (state === 'ok') {
    const text = ratio && formatInterval(ratio)
    if (!text) return `ran, and is compared with nothing${why ? `: ${why}` : ''}`
    return `${text.value} of the baseline (${text.low} to ${text.high}), ${verdict}${why ? `: ${why}` : ''}`
  }
  return `${state === 'device-lost' ? 'device lost' : state}${because}`
}

const problems = new Set<SweepCell['state']>(['wrong', 'timeout', 'device-lost', 'failed', 'invalid', 'unsupported'])

const showTests: Record<SweepShow, (cell: SweepCell) => boolean> = {
  all: () => true,
  run: ({ state }) => state !== 'gap',
  fast: (cell) => outcomeOf(cell).verdict === 'FAST',
  slow: (cell) => outcomeOf(cell).verdict === 'SLOW',
  open: (cell) => cell.state === 'waiting' || cell.state === 'running' || outcomeOf(cell).verdict === 'AMBIGUOUS',
  problem: (cell) => problems.has(outcomeOf(cell).state),
  cached: ({ isCached }) => isCached,
  gap: ({ state }) => state === 'gap',
}

/** Whether a cell is one of those that were asked for. */
export function isShown(cell: SweepCell, show: SweepShow): boolean {
  return showTests[show](cell)
}
