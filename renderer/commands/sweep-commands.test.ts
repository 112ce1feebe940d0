import { beforeEach, describe, expect, it, vi } from 'vitest'
import { wireEvents } from '../app/wire-events.ts'
import { setLab } from '../client/lab.ts'
import { FakeLab } from '../dev/fake-lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { runCommand } from './all-commands.ts'
import { loadDevicesAndRows, loadWorkspace } from './load-workspace.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { loadSweep, planSweep, runSweep, stopSweep, sweepOptions } from './run-sweep.ts'
import { selectCell, takeCell } from './sweep-cell.ts'

const state = () => useLab.getState()
let lab: FakeLab

beforeEach(async () => {
  useLab.setState(useLab.getInitialState(), true)
  lab = new FakeLab({ stepMs: 12, sweepSize: { variants: 6, shapes: 4 } })
  setLab(lab)
  setEditorPort(new TextEditor())
  wireEvents(lab)
  await Promise.all([loadWorkspace(), loadDevicesAndRows(), refreshCatalog(), planSweep()])
  await planSweep()
})

const ended = () => vi.waitFor(() => expect(state().sweep?.state).toBe('finished'), 10_000)

describe('a sweep', () => {
  it('fills the matrix with what the lab tells', async () => {
    state().setSweepOption({ isSweepResumed: false })
    await planSweep()
    const planned = state().sweepPlan
    runCommand(runSweep)
    await ended()
    expect(state().sweepSource).toBe('sweep')
    expect(state().tab).toBe('sweep')
    expect(state().sweep?.counts).toMatchObject({
      waiting: 0,
      measured: planned?.counts.waiting,
      gaps: planned?.counts.gaps,
    })
    const status = await lab.request('sweep.status', {})
    expect({ ok: true, value: { sweep: state().sweep } }).toEqual(status)
  })

  it('stops, and goes on with what is left', async () => {
    runCommand(runSweep)
    await vi.waitFor(() => expect(state().sweep?.counts.measured).toBeGreaterThan(0), { interval: 5 })
    runCommand(stopSweep)
    await vi.waitFor(() => expect(state().sweep?.state).toBe('cancelled'))
    expect(runSweep.when?.(state())).toBe(true)
  })

  it('is found by a window that opens while it runs', async () => {
    const other = useLab.getInitialState()
    runCommand(runSweep)
    await vi.waitFor(() => expect(state().sweep?.state).toBe('running'), { interval: 5 })
    const { deviceId, devices } = state()
    useLab.setState({ ...other, deviceId, devices }, true)
    await loadSweep()
    expect(state().sweepSource).toBe('sweep')
    await ended()
  })

  it('is asked for by the conditions as typed', () => {
    state().setSweepOption({ sweepFilter: '  m1/*   m=1,n>=2048 ' })
    expect(sweepOptions(state())).toMatchObject({ filter: ['m1/*', 'm=1,n>=2048'], isResumed: true, device: 'cpu' })
    state().setRunOption({ seed: 'x' })
    expect(sweepOptions(state())).toBeNull()
  })

  it('leads from a cell to its row, and into the form of a bench', async () => {
    const cell = state().sweepPlan?.matrix.cells.find(({ rowId }) => rowId !== undefined && rowId !== '')
    if (!cell?.rowId) throw new Error('fixture')
    await selectCell(cell)
    expect(state().sweepPlace).toEqual(cell)
    takeCell({ variant: cell.variant, shape: cell.shape }, 'bench')
    const { tab, target, draft, sweepPlan } = state()
    expect({ tab, target }).toEqual({
      tab: 'bench',
      target: { kind: 'variant', id: sweepPlan?.matrix.variants[cell.variant]?.id },
    })
    expect(draft.n).toBe(String(sweepPlan?.matrix.shapes[cell.shape]?.shape.n))
  })
})
