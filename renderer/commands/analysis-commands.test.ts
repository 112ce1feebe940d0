import { beforeEach, describe, expect, it, vi } from 'vitest'
import { wireEvents } from '../app/wire-events.ts'
import { setLab } from '../client/lab.ts'
import { FakeLab } from '../dev/fake-lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { problemRows } from '../problems/problem-list.ts'
import { useLab } from '../state/store.ts'
import { loadDevicesAndRows, loadWorkspace } from './load-workspace.ts'
import { openDocument } from './open-document.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { analysisOptions, analysisRefusal, runAnalysis } from './run-analysis.ts'
import { showAnalyses } from './show-analysis.ts'
import { shownAnalysis } from './shown-analysis.ts'
import { refreshStaleness } from './watch-analyses.ts'

const state = () => useLab.getState()
const naive = { kind: 'entry', documentId: 'naive', entry: 'sgemm_naive' } as const
let lab: FakeLab
let editor: TextEditor

beforeEach(async () => {
  useLab.setState(useLab.getInitialState(), true)
  lab = new FakeLab({ stepMs: 0 })
  editor = new TextEditor()
  editor.onChange = refreshStaleness
  setLab(lab)
  setEditorPort(editor)
  wireEvents(lab)
  await Promise.all([loadWorkspace(), loadDevicesAndRows(), refreshCatalog()])
  await openDocument('naive')
  await openDocument('m1')
  state().setCompiled(
    'naive',
    [],
    [{ name: 'sgemm_naive', function: 'k', file: 'naive', line: 5, maxTotalThreads: 0, bindings: [], constants: [] }],
  )
  state().chooseTarget(naive)
})

async function analyse(): Promise<void> {
  await runAnalysis.run()
  await vi.waitFor(() => expect(state().runs).toEqual({}))
}

const withRace = (text: string) => text.replace('float sum = 0.0f;', 'float sum = 0.0f;\n    sum = a[0]; // race')

describe('an analysis', () => {
  it('asks for what the form says, with the unsaved text', async () => {
    const text = `// new\n${editor.text('naive')}`
    editor.type('naive', text)
    state().setAnalysisOption({ checks: { ...state().checks, races: false }, schedules: '3' })
    const asked = vi.spyOn(lab, 'request')
    await analyse()
    expect(asked).toHaveBeenCalledWith(
      'analysis.start',
      expect.objectContaining({
        target: { ...naive, text },
        checks: ['bounds', 'uninitialised', 'barriers', 'counters'],
        schedules: 3,
      }),
    )
    expect(state().tab).toBe('analysis')
    expect(shownAnalysis(state())).toMatchObject({ key: 'entry:naive:sgemm_naive', isStale: false })
  })

  it.each(['0', '65', '', 'x', '1.5'])('is not asked for with %s schedules', (schedules) => {
    state().setAnalysisOption({ schedules })
    expect(analysisOptions(state())).toBeNull()
    expect(runAnalysis.when?.(state())).toBe(false)
  })

  it('is refused on a device that cannot', () => {
    expect(analysisRefusal(state())).toBeNull()
    state().setDevices(state().devices.map((device) => ({ ...device, capabilities: [] })))
    expect(analysisRefusal(state())).toContain('cpu')
    expect(runAnalysis.when?.(state())).toBe(false)
  })

  it('is not refused where a variant does not claim how its operands lie', () => {
    state().chooseTarget({ kind: 'variant', id: 'sgemm/naive' })
    state().editShape({ tB: true, bias: true, batch: '1', beta: '0' })
    expect(analysisRefusal(state())).toBeNull()
    expect(runAnalysis.when?.(state())).toBe(true)
  })

  it('is shown for its own kernel only', async () => {
    await analyse()
    state().chooseTarget({ kind: 'variant', id: 'm1_optimized/dot_bn128' })
    expect(shownAnalysis(state())).toBeNull()
  })
})

describe('staleness', () => {
  const isStale = () => shownAnalysis(state())?.isStale

  it('begins with the first change of the text, and ends when the text is back', async () => {
    await analyse()
    const text = editor.text('naive') ?? ''
    editor.type('naive', `${text} `)
    expect(isStale()).toBe(true)
    editor.type('naive', text)
    expect(isStale()).toBe(false)
  })

  it('is seen of a text that changed while the lab worked', async () => {
    const done = runAnalysis.run()
    editor.type('naive', `// while it ran\n${editor.text('naive')}`)
    await done
    await vi.waitFor(() => expect(shownAnalysis(state())).not.toBeNull())
    expect(isStale()).toBe(true)
  })

  it('does not come from other documents', async () => {
    await analyse()
    editor.type('m1', '// another kernel')
    expect(isStale()).toBe(false)
  })

  it('comes from the disk for a file that no editor shows', async () => {
    await analyse()
    state().removeDocument('naive')
    editor.close('naive')
    lab.emit('workspace.changed', { documentIds: ['m1'] })
    expect(isStale()).toBe(false)
    lab.emit('workspace.changed', { documentIds: ['naive'] })
    expect(isStale()).toBe(true)
  })

  it('takes heat and underlines away, and marks the Problems', async () => {
    editor.type('naive', withRace(editor.text('naive') ?? ''))
    await analyse()
    showAnalyses()
    expect(editor.notes.get('naive')).toMatchObject({ isStale: false })
    expect(editor.notes.get('naive')?.notes.length).toBeGreaterThan(0)
    expect(editor.findings.get('naive')).toMatchObject([{ kind: 'race', related: { documentId: 'naive' } }])
    expect(editor.findings.get('m1')).toEqual([])

    editor.type('naive', `// mended\n${editor.text('naive')?.replace('// race', '')}`)
    showAnalyses()
    expect(editor.notes.get('naive')).toMatchObject({ isStale: true })
    expect(editor.findings.get('naive')).toEqual([])
    const analyses = Object.values(state().analyses)
    const rows = problemRows({ open: [], diagnostics: {}, problems: [], analyses })
    expect(rows).toMatchObject([{ source: 'race', isStale: true }])
  })
})

describe('the margin', () => {
  it('is empty when it is turned off', async () => {
    await analyse()
    state().setAnalysisOption({ isGutterShown: false })
    showAnalyses()
    expect(editor.notes.get('naive')?.notes).toEqual([])
  })

  it('has the chosen counter, and all others on hovering', async () => {
    await analyse()
    state().setAnalysisOption({ metric: 'executions' })
    showAnalyses()
    const notes = editor.notes.get('naive')?.notes ?? []
    expect(notes.every(({ title }) => /^Executions: /.test(title))).toBe(true)
    expect(notes.some(({ detail }) => /Device memory.*Floating-point operations/s.test(detail))).toBe(true)
  })
})
