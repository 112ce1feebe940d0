import { useEffect } from 'react'
import { planSweep, planSweepSoon } from '../commands/run-sweep.ts'
import { useLab } from '../state/store.ts'
import { shownMatrix } from '../state/sweep-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Splitter } from '../ui/splitter.tsx'
import { useSize } from '../ui/use-size.ts'
import { BestTable } from './best-table.tsx'
import { CellDetail } from './cell-detail.tsx'
import { GapTable } from './gap-table.tsx'
import { Matrix } from './matrix.tsx'
import { SweepForm } from './sweep-form.tsx'
import { SweepProgressLine } from './sweep-progress-line.tsx'
import { ViewBar } from './view-bar.tsx'
import './sweep.css'

const wide = 1100
const room = { narrow: { detail: 120, main: 300 }, wide: { detail: 360, main: 560 } }

/** Every variant on every shape: what ran, what came of it, what is left out and why. */
export function SweepPanel() {
  useAskAgain()
  const { ref, width, height } = useSize()
  const { sizes, setSize, sweepPlace } = useParts('sizes', 'setSize', 'sweepPlace')
  const isWide = width >= wide
  const pane = isWide ? 'sweepDetailWide' : 'sweepDetail'
  const { detail: min, main } = isWide ? room.wide : room.narrow
  const max = Math.max(min, (isWide ? width : height) - main)
  const size = Math.min(max, sizes[pane])
  return (
    <div className="sweep" data-wide={isWide || undefined} ref={ref}>
      <div className="sweep-main">
        <SweepForm />
        <SweepProgressLine />
        <SweepBody />
      </div>
      {sweepPlace && (
        <>
          <Splitter
            orientation={isWide ? 'vertical' : 'horizontal'}
            label="Size of the cell's detail"
            isAfter
            value={size}
            min={min}
            max={max}
            onChange={(next) => setSize(pane, next)}
          />
          <div className="sweep-detail" style={{ flexBasis: size }}>
            <CellDetail place={sweepPlace} />
          </div>
        </>
      )}
    </div>
  )
}

function SweepBody() {
  const shown = useLab((state) => shownMatrix(state)?.matrix ?? null)
  const view = useLab((state) => state.sweepView)
  const isRefused = useLab((state) => state.sweepFailure !== null)
  if (!shown) return isRefused ? null : <div className="empty">Reading the manifest and the shape lists…</div>
  if (shown.variants.length === 0 || shown.shapes.length === 0) return <NothingToSweep />
  return (
    <>
      <ViewBar />
      {view === 'matrix' && <Matrix matrix={shown} />}
      {view === 'best' && <BestTable matrix={shown} />}
      {view === 'gaps' && <GapTable matrix={shown} />}
    </>
  )
}

/** What a sweep would do depends on the form, the device and the files. */
function useAskAgain(): void {
  const asked = useLab((state) =>
    [
      state.deviceId,
      state.mode,
      state.isCold,
      state.data,
      state.seed,
      state.tier,
      state.sweepFilter,
      state.isSweepResumed,
    ].join('\n'),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is when to ask, not what.
  useEffect(() => {
    if (useLab.getState().sweepPlan) planSweepSoon()
    else void planSweep()
  }, [asked])
}

function NothingToSweep() {
  return (
    <div className="empty">
      <strong>Nothing to sweep</strong>
      <span>A sweep runs every enabled variant of the manifest on every shape of the workspace's lists.</span>
    </div>
  )
}
