import { formatAge, formatNs, formatRatio } from './quantity-text.ts'
import { layoutText, type Row } from './row.ts'
import { type Dtype, formatShape, type ListedShape } from './shape.ts'
import {
  outcomeOf,
  type SweepCell,
  type SweepCellState,
  type SweepFigures,
  type SweepMatrix,
  shapeOfCell,
} from './sweep.ts'
import type { BestOfShape, SweepSummary } from './sweep-summary.ts'

/** A table of a report. */
export interface Section {
  title: string
  heading: string[]
  rows: string[][]
  /** Below the table. */
  notes: string[]
}

const usualParts = /,(?:tA=0|tB=0|batch=1|bias=0|alpha=1|beta=0)(?![\w.])/g

/** The canonical text of a shape without what is as usual, and with its type only where the list names one. */
function shortShape({ shape, hasDtype }: Pick<ListedShape, 'shape' | 'hasDtype'>): string {
  const text = formatShape(shape).replace(usualParts, '')
  return hasDtype ? text : text.replace(/,dtype=\w+/, '')
}

/** The same of a shape as it is run: in a type. */
function runShape(matrix: SweepMatrix, at: { shape: number; dtype: Dtype }): string {
  return shortShape({ shape: { ...matrix.shapes[at.shape]!.shape, dtype: at.dtype }, hasDtype: true })
}

const shapeText = (matrix: SweepMatrix, cell: SweepCell) =>
  shortShape({ shape: shapeOfCell(matrix, cell), hasDtype: true })

const stateTexts: Record<SweepCellState, string> = {
  gap: '·',
  waiting: '',
  running: '',
  ok: 'ok',
  wrong: 'wrong',
  timeout: 'timeout',
  'device-lost': 'crash',
  unsupported: 'unsup.',
  invalid: 'invalid',
  cancelled: '',
  failed: 'failed',
}

const signs = { FAST: '▲', SLOW: '▼', SAME: '=', AMBIGUOUS: '?' } as const

/**
 * A cell in a few characters: the ratio with the sign of its verdict where there is one, else its state; * is a row measured
 * earlier, † one whose B was handed over in another layout.
 */
function cellText(cell: SweepCell): string {
  const { kernelNs, isCached, layout } = cell
  const { state, ratio, verdict } = outcomeOf(cell)
  const compared = ratio && `${verdict ? signs[verdict] : ''}${ratio.value.toFixed(2)}`
  const timed = compared ?? (kernelNs === undefined ? 'ok' : formatNs(kernelNs))
  const marks = [isCached && state !== 'gap' && '*', layout && cell.rowId !== undefined && '†'].filter(Boolean)
  return `${state === 'ok' ? timed : stateTexts[state]}${marks.join('')}`
}

const time = (ns: number | undefined) => (ns === undefined ? '' : formatNs(ns))

function ratioText({ ratio }: Pick<SweepCell, 'ratio'>): string {
  return ratio ? formatRatio(ratio) : ''
}

/** How long ago a cached row was measured, in one unit; '' of one that is new. */
function ageText({ isCached, measuredAt }: SweepFigures, nowMs: number): string {
  return isCached && measuredAt !== undefined ? formatAge(measuredAt, nowMs) : ''
}

/** Variants beside shapes, a cell each. */
export function matrixSection({ matrix }: SweepSummary): Section {
  const { variants, shapes, cells } = matrix
  const rows = variants.map(({ id, dtype }, variant) => [
    id,
    dtype,
    ...shapes.map((_, shape) => cellText(cells[variant * shapes.length + shape]!)),
  ])
  const hasCached = cells.some(({ isCached }) => isCached)
  return {
    title: 'Every variant on every shape',
    heading: ['variant', 'type', ...shapes.map((_, at) => String(at + 1))],
    rows,
    notes: [
      ...shapes.map((listed, at) => `${at + 1}: ${shortShape(listed)}${listed.role ? ` (${listed.role})` : ''}`),
      'A number is the time beside the baseline’s, below 1 is faster: ▲ faster, ▼ slower, = the same, ? not decided; · is a gap.',
      'The type is that of the elements wherever a shape names none, the baseline’s too.',
      ...(cells.some(({ layout, rowId }) => layout && rowId !== undefined)
        ? ['† B was handed over in another layout than the shape’s own; turning it is in no time.']
        : []),
      ...(hasCached ? ['* was measured earlier and is shown from the store.'] : []),
    ],
  }
}

/** What has to be said of a winner beside its figures. */
function notesOfBest({ matrix }: SweepSummary, { best, notRightAgain, ...at }: BestOfShape): string[] {
  const idOf = ({ variant }: SweepCell) => matrix.variants[variant]!.id
  const place = runShape(matrix, at)
  const failed = notRightAgain.map(
    (cell) => `${place}: ${idOf(cell)} was right the first time, and ${outcomeOf(cell).state} the second.`,
  )
  if (!best?.cell.layout) return failed
  const { ownLayout } = best
  const beside = ownLayout
    ? `the fastest with the shape's own is ${idOf(ownLayout.cell)}, ${ratioText(ownLayout.figures) || time(ownLayout.figures.kernelNs)}`
    : "no other with the shape's own was right"
  return [`${place}: ${idOf(best.cell)} has ${layoutText(best.cell.layout)}; ${beside}.`, ...failed]
}

/** The fastest right variant of each shape and element type beside the device's baseline. */
export function bestSection(summary: SweepSummary, nowMs: number): Section {
  const { matrix, best } = summary
  const total = matrix.shapes.reduce((sum, { totalMs }) => sum + (totalMs ?? 0), 0)
  const shareOf = (shape: number) => {
    const { totalMs } = matrix.shapes[shape]!
    return total === 0 ? [] : [totalMs === undefined ? '' : `${((100 * totalMs) / total).toFixed(1)} %`]
  }
  const rows = best.map(({ shape, dtype, best: winner, baseline, timed }) => {
    const place = runShape(matrix, { shape, dtype })
    if (!winner) return [place, 'none', '', '', '', '', '', '', '', '', ...shareOf(shape)]
    const { cell, figures, verdict, tied } = winner
    const others = tied.map(({ variant }) => matrix.variants[variant]!.id).join(' ')
    return [
      place,
      `${matrix.variants[cell.variant]!.id}${cell.layout ? '†' : ''}${figures.isCached ? ` (${ageText(figures, nowMs)} ago)` : ''}`,
      time(figures.kernelNs),
      figures.baselineNs === undefined ? '' : `${formatNs(figures.baselineNs)} ${baseline}`,
      ratioText(figures),
      cell.again?.ratio && cell.ratio ? cell.ratio.value.toFixed(3) : '',
      String(timed),
      verdict ?? '',
      cell.claim ?? '',
      others || (timed > 1 ? 'none' : ''),
      ...shareOf(shape),
    ]
  })
  return {
    title: 'Best beside the baseline',
    heading: [
      ...['shape', 'best variant', 'kernel', 'baseline', 'kernel/baseline', 'first', 'of', 'verdict', 'claim'],
      'no slower',
      ...(total === 0 ? [] : ['of time']),
    ],
    rows,
    notes: [
      ...best.flatMap((one) => notesOfBest(summary, one)),
      'First: the ratio of the first time. The least of several is too low as a rule, so the fastest of a shape and type, three at most, were',
      'measured again: times, ratio and verdict are those of the second time. Without one there is no verdict on what was chosen from several.',
      'No slower: others whose interval overlaps, so that no difference was shown.',
      ...(total === 0 ? [] : ['Of time: of what the shape lists recorded.']),
    ],
  }
}

const rowOf = ({ rows }: SweepSummary, cell: SweepCell): Row | undefined => rows.get(cell.rowId ?? '')

/** What a row says beside its time: share of the roof, errors as parts of the bound, host time, samples and tier. */
function metricsOf(row: Row | undefined): string[] {
  const digits = (value: number | undefined) => (value === undefined ? '' : value.toPrecision(3))
  const { kernel, error, baseline, identity } = row ?? {}
  const roof = kernel?.roofFraction
  return [
    roof === undefined ? '' : `${digits(roof * 100)} %`,
    digits(error?.bound),
    digits(baseline?.error?.bound),
    digits(kernel?.overheadNsPerDispatch?.value),
    kernel ? `${kernel.samples.length} × ${kernel.iterations}` : '',
    identity?.tier ?? '',
  ]
}

/** Rows, those that `isListed`. */
export function rowSection(
  summary: SweepSummary,
  about: { title: string; nowMs: number; isListed(cell: SweepCell): boolean },
): Section {
  const { matrix } = summary
  const lines = matrix.cells
    .flatMap((cell) => [{ ...cell, note: '' }, ...(cell.again ? [{ ...cell, ...cell.again, note: ' (again)' }] : [])])
    .filter((line) => line.rowId !== undefined && about.isListed(line))
  return {
    title: about.title,
    heading: [
      'variant',
      'shape',
      'status',
      'kernel',
      'kernel/baseline',
      'verdict',
      'of roof',
      'error ÷ bound',
      'baseline error ÷ bound',
      'host ns a dispatch',
      'samples',
      'tier',
      'claim',
      'cached',
      'reason',
    ],
    rows: lines.map(({ note, ...cell }) => [
      `${matrix.variants[cell.variant]!.id}${cell.layout ? '†' : ''}${note}`,
      shapeText(matrix, cell),
      cell.state,
      time(cell.kernelNs),
      ratioText(cell),
      cell.verdict ?? '',
      ...metricsOf(rowOf(summary, cell)),
      cell.claim ?? '',
      ageText(cell, about.nowMs),
      reasonOf(cell),
    ]),
    notes: [],
  }
}

/** Of a right row without a verdict: why there is none. */
function reasonOf({ state, reason, verdict, verdictReason }: SweepCell): string {
  const isUnjudged = state === 'ok' && verdict === undefined
  return [reason, isUnjudged ? verdictReason : undefined].filter((text) => text !== undefined).join('; ')
}

/** How many pairs each rule leaves out. */
export function gapReasonSection({ gapReasons }: SweepSummary): Section {
  return {
    title: 'Gaps by reason',
    heading: ['reason', 'pairs'],
    rows: gapReasons.map(({ reason, pairs }) => [reason, String(pairs)]),
    notes: [],
  }
}

/** Every gap. */
export function gapSection({ matrix }: SweepSummary): Section {
  const gaps = matrix.cells.filter(({ state }) => state === 'gap')
  return {
    title: 'Gaps',
    heading: ['gap', 'shape', 'reason'],
    rows: gaps.map((cell) => [matrix.variants[cell.variant]!.id, shapeText(matrix, cell), cell.reason ?? '']),
    notes: [],
  }
}
