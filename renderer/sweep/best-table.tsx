import { useMemo } from 'react'
import { layoutText } from '#contract/row.ts'
import { outcomeOf, type SweepCell, type SweepMatrix } from '#contract/sweep.ts'
import type { ShapeWinner } from '#contract/sweep-best.ts'
import { selectCell } from '../commands/sweep-cell.ts'
import { formatInterval } from '../format/digits.ts'
import { formatPercent, formatTime } from '../format/quantity.ts'
import { layoutOf } from '../format/shape-text.ts'
import { claimText, verdictTone } from '../row/row-text.ts'
import { useLab } from '../state/store.ts'
import { Badge } from '../ui/badge.tsx'
import { useNow } from '../ui/use-now.ts'
import { bestPerShape, type ShapeBest } from './best-per-shape.ts'
import { cachedAge } from './cell-text.ts'

/** One line a shape: its fastest kernel beside the baseline. */
export function BestTable({ matrix }: { matrix: SweepMatrix }) {
  const bests = useMemo(() => bestPerShape(matrix), [matrix])
  const hasTime = bests.some(({ timeShare }) => timeShare !== null)
  return (
    <div className="sweep-table">
      <table className="data-table" aria-label="Best kernel for each shape">
        <thead>
          <tr>
            <th scope="col">Shape</th>
            {hasTime && (
              <th scope="col" className="number best-share" title="Of the time that the shape lists recorded">
                Of time
              </th>
            )}
            <th scope="col">Fastest kernel</th>
            <th scope="col" className="number" title="kernel ÷ baseline, of medians; below 1 the kernel is faster">
              Ratio
            </th>
            <th scope="col">Verdict</th>
            <th scope="col" className="number">
              Kernel
            </th>
            <th scope="col" className="number best-baseline">
              Baseline
            </th>
            <th scope="col" className="number" title="Variants that ran right, of those that may run">
              Right
            </th>
          </tr>
        </thead>
        <tbody>
          {bests.map((best) => (
            <BestRow key={`${best.shape} ${best.dtype}`} best={best} matrix={matrix} hasTime={hasTime} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function BestRow({ best, matrix, hasTime }: { best: ShapeBest; matrix: SweepMatrix; hasTime: boolean }) {
  const { listed, dtype, timeShare, ran, waiting, problems } = best
  const { shape, role, op } = listed
  const cell = best.best?.cell ?? null
  const isChosen = useLab(
    ({ sweepPlace }) => cell !== null && sweepPlace?.variant === cell.variant && sweepPlace.shape === cell.shape,
  )
  const choose = () => cell && void selectCell({ variant: cell.variant, shape: cell.shape })
  const features = [
    layoutOf(shape),
    shape.batch > 1 && `batch ${shape.batch}`,
    shape.bias && 'bias',
    shape.act !== 'none' && shape.act,
  ].filter(Boolean)
  return (
    <tr
      aria-selected={isChosen}
      tabIndex={cell ? 0 : -1}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key === 'Enter') choose()
      }}
    >
      <td>
        <div className="nowrap">{`${shape.m}×${shape.n}×${shape.k}`}</div>
        <div className="sub nowrap">{[...features, dtype].join(' · ')}</div>
        <div className="sub nowrap">{role ?? op}</div>
      </td>
      {hasTime && <td className="number best-share">{timeShare === null ? '–' : formatPercent(timeShare)}</td>}
      <BestCells best={best} matrix={matrix} />
      <td className="number">
        <div>
          {ran} of {ran + waiting + problems}
        </div>
        {problems > 0 && <div className="sub tone-bad">{problems} not right</div>}
        <AgainNote best={best} matrix={matrix} />
      </td>
    </tr>
  )
}

function BestCells({ best, matrix }: { best: ShapeBest; matrix: SweepMatrix }) {
  const nowMs = useNow()
  if (!best.best) {
    return (
      <td colSpan={5} className="muted">
        {noneText(best)}
      </td>
    )
  }
  const { cell, figures, verdict, tied } = best.best
  const ratio = figures.ratio && formatInterval(figures.ratio)
  const first = cell.again && cell.ratio && formatInterval(cell.ratio).value
  const claim = claimText[cell.claim ?? 'none']
  const age = cachedAge(figures, nowMs)
  const names = tied.map((one) => matrix.variants[one.variant]?.id).join(', ')
  const variant = matrix.variants[cell.variant]?.id ?? ''
  return (
    <>
      <td className="best-name">
        <div>{variant}</div>
        <div className="sub">
          <span className={`tone-${claim.tone}`}>{claim.text}</span>
          {tied.length > 0 && (
            <span title={`Their intervals overlap, no difference was shown: ${names}`}>
              {' '}
              · no slower: {tied.length === 1 ? '1 other' : `${tied.length} others`}
            </span>
          )}
        </div>
        <LayoutNote winner={best.best} matrix={matrix} />
      </td>
      <td className="number">
        {ratio ? <strong>{ratio.value}</strong> : <span className="muted">–</span>}
        {ratio && (
          <div className="sub">
            {ratio.low} to {ratio.high}
          </div>
        )}
        {first && (
          <div className="sub" title="Its ratio the first time, when it was one of all variants">
            first {first}
          </div>
        )}
      </td>
      <td>
        {verdict && <Badge tone={verdictTone[verdict]}>{verdict}</Badge>}
        {best.ran > 1 && <ChoiceNote cell={cell} ran={best.ran} />}
        {age && <div className="sub nowrap">cached, {age}</div>}
      </td>
      <td className="number">{timeText(figures.kernelNs)}</td>
      <td className="number best-baseline">{timeText(figures.baselineNs)}</td>
    </>
  )
}

const timeText = (ns: number | undefined) => (ns === undefined ? '–' : formatTime(ns))

/** Of a winner whose B did not lie as the shape says: that it did not, and who is the fastest of those whose did. */
function LayoutNote({ winner, matrix }: { winner: ShapeWinner; matrix: SweepMatrix }) {
  const { layout } = winner.cell
  if (!layout) return null
  const own = winner.ownLayout
  const ratio = own?.figures.ratio && formatInterval(own.figures.ratio)
  return (
    <div
      className="sub tone-warn"
      title="Stored so beforehand that is what a kernel meets; else it has to be turned, which is in no time here"
    >
      {layoutText(layout)}.{' '}
      {own
        ? `With the shape's own: ${matrix.variants[own.cell.variant]?.id}${ratio ? ` ${ratio.value} (${ratio.low} to ${ratio.high})` : ''}`
        : "None with the shape's own was right"}
    </div>
  )
}

/** Who was right the first time and not the second, and so is not among those to choose from. */
function AgainNote({ best, matrix }: { best: ShapeBest; matrix: SweepMatrix }) {
  return best.notRightAgain.map((cell) => (
    <div key={cell.variant} className="sub tone-bad">
      {matrix.variants[cell.variant]?.id}: {outcomeOf(cell).state} the second time
    </div>
  ))
}

/** How a winner was found among several. */
function ChoiceNote({ cell, ran }: { cell: SweepCell; ran: number }) {
  const why = 'The least ratio of several is too low as a rule'
  return cell.again ? (
    <div className="sub nowrap" title={`${why}: these figures are from a second time, which had no part in the choice`}>
      measured again
    </div>
  ) : (
    <div className="sub" title={`${why}: there is a verdict when this pair was measured again`}>
      least of {ran}
    </div>
  )
}

function noneText({ waiting, gaps, problems }: ShapeBest): string {
  if (waiting > 0) return 'not measured yet'
  if (problems > 0) return 'no kernel ran right'
  return gaps > 0 ? 'no variant takes this shape' : 'no variant'
}
