import { beforeEach, describe, expect, it, vi } from 'vitest'
import { setLab } from '../client/lab.ts'
import { FakeLab } from '../dev/fake-lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { cancelRun } from './cancel-run.ts'
import { checkDocument } from './check-document.ts'
import { loadDevicesAndRows, loadWorkspace } from './load-workspace.ts'
import { openDocument } from './open-document.ts'
import { askFlag, proveFlag } from './prove-flag.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { runOptions } from './run-options.ts'
import { saveDocument } from './save-document.ts'
import { overwriteDocument, reloadDocument, syncDocument } from './sync-document.ts'
import { unsetFlag } from './unset-flag.ts'

const initial = useLab.getInitialState()
const state = () => useLab.getState()
const documentOf = (id: string) => state().open.find((document) => document.id === id)
let lab: FakeLab
let editor: TextEditor

beforeEach(async () => {
  useLab.setState(initial, true)
  lab = new FakeLab({ stepMs: 0 })
  editor = new TextEditor()
  setLab(lab)
  setEditorPort(editor)
  await Promise.all([loadWorkspace(), loadDevicesAndRows(), refreshCatalog()])
  await openDocument('m1')
})

describe('documents', () => {
  it('is saved, and clean afterwards', async () => {
    editor.type('m1', 'kernel void k() {}')
    expect(documentOf('m1')?.isDirty).toBe(true)
    expect(await saveDocument('m1')).toBe(true)
    expect(lab.texts.get('m1')).toBe('kernel void k() {}')
    expect(documentOf('m1')?.isDirty).toBe(false)
  })

  it('is not overwritten when the disk changed; each side can win', async () => {
    editor.type('m1', 'mine')
    lab.texts.set('m1', 'theirs')
    expect(await saveDocument('m1')).toBe(false)
    expect(documentOf('m1')?.isConflicted).toBe(true)
    expect(lab.texts.get('m1')).toBe('theirs')
    await overwriteDocument('m1')
    expect(lab.texts.get('m1')).toBe('mine')
    expect(documentOf('m1')?.isConflicted).toBe(false)
    editor.type('m1', 'mine again')
    lab.texts.set('m1', 'theirs again')
    await reloadDocument('m1')
    expect(editor.text('m1')).toBe('theirs again')
  })

  it('follows the disk while it is clean, and keeps unsaved text when not', async () => {
    lab.texts.set('m1', 'new on disk')
    await syncDocument('m1')
    expect(editor.text('m1')).toBe('new on disk')
    editor.type('m1', 'mine')
    lab.texts.set('m1', 'newer on disk')
    await syncDocument('m1')
    expect(editor.text('m1')).toBe('mine')
    expect(documentOf('m1')?.isConflicted).toBe(true)
  })

  it('outlives its file, and writes it again when saved', async () => {
    editor.type('m1', 'mine')
    lab.texts.delete('m1')
    await syncDocument('m1')
    expect(documentOf('m1')?.isMissing).toBe(true)
    expect(state().notices).toEqual([])
    expect(await saveDocument('m1')).toBe(true)
    expect(lab.texts.get('m1')).toBe('mine')
    expect(documentOf('m1')).toMatchObject({ isMissing: false, isDirty: false })
  })

  it('comes back with the unsaved text of an earlier session', async () => {
    await lab.request('document.backup', { id: 'naive', text: 'unsaved', baseHash: 'other' })
    await openDocument('naive')
    expect(editor.text('naive')).toBe('unsaved')
    expect(documentOf('naive')).toMatchObject({ isDirty: true, isConflicted: true })
    const disk = lab.texts.get('naive')
    expect(await saveDocument('naive')).toBe(false)
    expect(lab.texts.get('naive')).toBe(disk)
  })
})

describe('compile', () => {
  it('shows markers and forgets them when the text is right again', async () => {
    editor.type('m1', 'kernel void k() {\n  !!\n}')
    await checkDocument('m1')
    expect(state().diagnostics.m1?.[0]).toMatchObject({ line: 2, column: 3, severity: 'error' })
    expect(editor.markers.get('m1')).toBe(1)
    expect(state().compiles.m1?.isOk).toBe(false)
    editor.type('m1', 'kernel void k() {}')
    await checkDocument('m1')
    expect(editor.markers.get('m1')).toBe(0)
    expect(state().entries.m1?.map((entry) => entry.name)).toEqual(['k'])
  })

  it('drops the answer to text that is no longer there', async () => {
    editor.type('m1', '!!')
    const late = checkDocument('m1')
    editor.type('m1', 'fine')
    await Promise.all([late, checkDocument('m1')])
    expect(state().diagnostics.m1).toEqual([])
  })
})

describe('runs', () => {
  it('sends unsaved text along, and only then', () => {
    expect(runOptions(state())?.target).not.toHaveProperty('text')
    editor.type('m1', 'edited')
    expect(runOptions(state())?.target).toMatchObject({ kind: 'variant', text: 'edited' })
  })

  it('asks with the element type of the variant, and not at all while the shape is wrong', () => {
    state().chooseTarget({ kind: 'variant', id: 'sgemm/naive' })
    expect(runOptions(state())?.shape.dtype).toBe('f32')
    expect(runOptions(state())).not.toHaveProperty('tier')
    // A tier that the chosen device lacks is not asked for: it was chosen on another device.
    for (const [tier, asked] of [
      ['fiber', 'fiber'],
      ['vector', undefined],
      ['warp', undefined],
    ] as const) {
      state().setRunOption({ tier })
      expect([tier, runOptions(state())?.tier]).toEqual([tier, asked])
    }
    state().editShape({ n: '' })
    expect(runOptions(state())).toBeNull()
  })
})

describe('cancel', () => {
  it('lets go of a run that the lab says nothing more about', async () => {
    vi.useFakeTimers()
    state().beginRun({ runId: 'lost', kind: 'bench', subject: 'k' })
    await cancelRun('lost')
    await vi.runAllTimersAsync()
    vi.useRealTimers()
    expect(state().runs).toEqual({})
  })
})

describe('flags', () => {
  const flagState = (variant: string) =>
    state()
      .variants.find((candidate) => candidate.id === variant)
      ?.flags.find(({ flag }) => flag === 'bias')?.state

  it('saves kernel and manifest before it proves', async () => {
    editor.type('m1', '// better')
    await proveFlag('m1_optimized/dot_bn128_bias', 'bias')
    expect(lab.texts.get('m1')).toBe('// better')
  })

  it('does not prove when saving is refused', async () => {
    editor.type('m1', '// mine')
    lab.texts.set('m1', '// theirs')
    await proveFlag('m1_optimized/dot_bn128_bias', 'bias')
    expect(state().runs).toEqual({})
    expect(state().notices.at(-1)?.text).toContain('could not be saved')
  })

  it('finds out whether a flag could be true without writing anything, and turns it on when it is proven', async () => {
    const naive = (flag: string) =>
      state()
        .variants.find(({ id }) => id === 'sgemm/naive')
        ?.flags.find((status) => status.flag === flag)
    const disk = lab.texts.get('manifest')
    lab.on('run.finished', (end) => state().finishRun(end))
    const finished = () => vi.waitFor(() => expect(state().runs).toEqual({}))
    await askFlag('sgemm/naive', 'transposeA')
    await finished()
    await refreshCatalog()
    expect(naive('transposeA')).toMatchObject({ state: 'off', couldBe: { isTrue: true } })
    expect(lab.texts.get('manifest')).toBe(disk)
    await askFlag('sgemm/naive', 'bias')
    await finished()
    await refreshCatalog()
    expect(naive('bias')?.couldBe?.isTrue).toBe(false)
    await proveFlag('sgemm/naive', 'transposeA')
    await finished()
    await refreshCatalog()
    expect(naive('transposeA')?.state).toBe('proven')
  })

  it('turns a flag off in grid and text at once', async () => {
    await openDocument('manifest', { isActivated: false })
    expect(flagState('m1_optimized/dot_bn128_bias')).toBe('proven')
    await unsetFlag('m1_optimized/dot_bn128_bias', 'bias')
    expect(flagState('m1_optimized/dot_bn128_bias')).toBe('off')
    expect(editor.text('manifest')).toBe(lab.texts.get('manifest'))
    expect(documentOf('manifest')?.isDirty).toBe(false)
  })

  it('keeps the last good grid while the manifest is broken', async () => {
    await openDocument('manifest', { isActivated: false })
    const before = state().variants.length
    editor.type('manifest', '{ "a": [,] }')
    await saveDocument('manifest')
    expect(state().isCatalogStale).toBe(true)
    expect(state().variants).toHaveLength(before)
  })
})
