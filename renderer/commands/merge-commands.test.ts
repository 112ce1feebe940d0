import { beforeEach, describe, expect, it } from 'vitest'
import { setLab } from '../client/lab.ts'
import { fakeHash } from '../dev/fake-compile.ts'
import { FakeLab } from '../dev/fake-lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { closeDocument } from './close-document.ts'
import { decideConflict, decideRest } from './decide-conflict.ts'
import { loadDevicesAndRows, loadWorkspace } from './load-workspace.ts'
import { beginMerge, saveMerge } from './merge-document.ts'
import { openDocument } from './open-document.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { saveDocument } from './save-document.ts'

const initial = useLab.getInitialState()
const state = () => useLab.getState()
const merge = (id = 'm1') => state().merges[id]
const documentOf = (id: string) => state().open.find((document) => document.id === id)
let lab: FakeLab
let editor: TextEditor

beforeEach(async () => {
  useLab.setState(initial, true)
  lab = new FakeLab({ stepMs: 0 })
  editor = new TextEditor()
  setLab(lab)
  setEditorPort(editor)
  lab.texts.set('m1', 'one\ntwo\nthree\nfour\n')
  await Promise.all([loadWorkspace(), loadDevicesAndRows(), refreshCatalog()])
  await openDocument('m1')
})

const result = (id = 'm1') => editor.merges.texts(id)?.result

describe('merging a kernel', () => {
  beforeEach(async () => {
    editor.type('m1', 'one\nmy two\nthree\nfour\nmy five\n')
    lab.texts.set('m1', 'their zero\none\ntheir two\nthree\nfour\n')
    expect(await saveDocument('m1')).toBe(false)
    await beginMerge('m1')
  })

  it('writes nothing before every conflict is decided, then all of both sides', async () => {
    expect(merge()).toMatchObject({ kind: 'lines', theirChanges: 1, myChanges: 1, hasBase: true })
    expect(merge()?.conflicts).toMatchObject([{ label: 'line 3', theirs: 'their two\n', mine: 'my two\n' }])
    expect(await saveMerge('m1')).toBe(false)
    decideConflict('m1', '0', 'both')
    expect(result()).toBe('their zero\none\ntheir two\nmy two\nthree\nfour\nmy five\n')
    decideConflict('m1', '0', 'theirs')
    expect(await saveMerge('m1')).toBe(true)
    expect(lab.texts.get('m1')).toBe('their zero\none\ntheir two\nthree\nfour\nmy five\n')
    expect(editor.text('m1')).toBe(lab.texts.get('m1'))
    expect(documentOf('m1')).toMatchObject({ isConflicted: false, isDirty: false })
    expect(merge()).toBeUndefined()
  })

  it('merges once more when the disk changed meanwhile, and keeps what was decided', async () => {
    decideConflict('m1', '0', 'mine')
    lab.texts.set('m1', 'their zero\none\ntheir two\nthree\ntheir four\n')
    expect(await saveMerge('m1')).toBe(false)
    expect(lab.texts.get('m1')).toContain('their four')
    expect(merge()?.theirsHash).toBe(fakeHash(lab.texts.get('m1') ?? ''))
    // Line four is the disk's alone, but touches the line that was added here: one more question.
    decideRest('m1', 'theirs')
    expect(await saveMerge('m1')).toBe(true)
    expect(lab.texts.get('m1')).toBe('their zero\none\nmy two\nthree\ntheir four\n')
  })

  it('leaves both sides alone when the tab is closed', async () => {
    await closeDocument('m1')
    expect(merge()).toBeUndefined()
    expect(editor.merges.texts('m1')).toBeUndefined()
    expect(lab.texts.get('m1')).toContain('their two')
  })
})

describe('merging after a restart', () => {
  it('asks about every difference, since what both began with is gone', async () => {
    lab.backups.set('naive', { text: 'a\nmine\nc\n', baseHash: fakeHash('a\nb\nc\n') })
    lab.texts.set('naive', 'a\ntheirs\nc\n')
    await openDocument('naive')
    expect(documentOf('naive')).toMatchObject({ isConflicted: true, isBaseLost: true })
    await beginMerge('naive')
    expect(merge('naive')).toMatchObject({
      hasBase: false,
      conflicts: [{ base: null, theirs: 'theirs\n', mine: 'mine\n' }],
    })
    decideRest('naive', 'mine')
    expect(await saveMerge('naive')).toBe(true)
    expect(documentOf('naive')?.isBaseLost).toBe(false)
    expect(lab.texts.get('naive')).toBe('a\nmine\nc\n')
  })
})

describe('merging the manifest', () => {
  const id = 'manifest'
  const edit = (text: string, change: (manifest: Record<string, { supports: Record<string, unknown> }[]>) => void) => {
    const manifest = JSON.parse(text)
    change(manifest)
    return `${JSON.stringify(manifest, null, 2)}\n`
  }

  it('goes by key, and saves what was decided', async () => {
    await openDocument(id)
    const before = editor.text(id) ?? ''
    editor.type(
      id,
      edit(before, ({ sgemm }) => Object.assign(sgemm?.[0]?.supports ?? {}, { functionName: 'my', bias: true })),
    )
    const theirs = edit(before, ({ sgemm }) => Object.assign(sgemm?.[0]?.supports ?? {}, { functionName: 'their' }))
    lab.texts.set(id, theirs)
    await beginMerge(id)
    expect(merge(id)).toMatchObject({ kind: 'keys', myChanges: 1 })
    expect(merge(id)?.conflicts).toMatchObject([
      { label: 'sgemm/naive · supports.functionName', theirs: '"their"', mine: '"my"' },
    ])
    decideConflict(id, '0', 'theirs')
    expect(await saveMerge(id)).toBe(true)
    expect(lab.texts.get(id)).toBe(
      edit(theirs, ({ sgemm }) => Object.assign(sgemm?.[0]?.supports ?? {}, { bias: true })),
    )
  })

  it('goes by line while a side is no JSON', async () => {
    await openDocument(id)
    editor.type(id, `${editor.text(id)}!`)
    lab.texts.set(id, `${lab.texts.get(id)}\n`)
    await beginMerge(id)
    expect(merge(id)?.kind).toBe('lines')
  })
})
