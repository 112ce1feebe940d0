import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { mergeManifest, pathText, valueText, withValueAt } from '../merge/merge-manifest.ts'
import { mergeText, type Sides } from '../merge/merge-text.ts'
import type { MergeConflict } from '../state/merge-slice.ts'
import { useLab } from '../state/store.ts'
import { checkOpenDocuments } from './check-document.ts'
import type { Command } from './command.ts'
import { leaveMerge } from './leave-merge.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { reportError } from './report-error.ts'
import { takeOver } from './sync-document.ts'

/** Lays what the disk holds beside what was typed here, and shows it; where both changed one place, a person decides. */
export async function beginMerge(id: string): Promise<void> {
  const result = await lab().request('document.read', { id })
  if (!result.ok) return reportError(result.error)
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  const mine = editorPort().text(id)
  if (!document || mine === undefined) return
  const { text: theirs, hash } = result.value
  if (theirs === mine) return takeOver(id, theirs, hash)
  const base = document.isBaseLost ? null : (editorPort().savedText(id) ?? null)
  layOut(id, { base, theirs, mine }, hash)
  useLab.getState().activateDocument(id)
  if (useLab.getState().isWorkbenchMaximised) useLab.getState().setLayout({ isWorkbenchMaximised: false })
}

/** Writes the result, if the disk still holds what was merged; else that is merged next. False when nothing was written. */
export async function saveMerge(id: string): Promise<boolean> {
  const state = useLab.getState()
  const merge = state.merges[id]
  const texts = editorPort().merges.texts(id)
  if (!merge || !texts || merge.isSaving || merge.conflicts.some(({ choice }) => choice === null)) return false
  state.markMergeSaving(id, true)
  const saved = await lab().request('document.save', { id, text: texts.result, baseHash: merge.theirsHash })
  useLab.getState().markMergeSaving(id, false)
  if (!saved.ok) {
    if (saved.error.kind === 'conflict') await mergeAgain(id, texts)
    else reportError(saved.error)
    return false
  }
  leaveMerge(id)
  takeOver(id, texts.result, saved.value.hash)
  if (useLab.getState().open.some((document) => document.id === id && document.kind === 'header')) checkOpenDocuments()
  await refreshCatalog()
  return true
}

/** The disk changed while it was being decided: what was decided is mine now, and both began with the text merged before. */
async function mergeAgain(id: string, before: { theirs: string; result: string }): Promise<void> {
  const read = await lab().request('document.read', { id })
  if (!read.ok) return reportError(read.error)
  layOut(id, { base: before.theirs, theirs: read.value.text, mine: before.result }, read.value.hash)
  useLab
    .getState()
    .notify(
      'info',
      'The file changed on disk once more; nothing was written. What it holds now is merged with your result.',
    )
}

function layOut(id: string, sides: Sides, theirsHash: string): void {
  const state = useLab.getState()
  const name = state.open.find((document) => document.id === id)?.name ?? id
  const parts = (id === state.manifestId && mergeByKey(sides)) || mergeByLine(sides)
  const { kind, text, marks, conflicts, theirChanges, myChanges } = parts
  editorPort().merges.open(id, { name, theirs: sides.theirs, result: text, marks })
  state.beginMerge({
    documentId: id,
    kind,
    theirsHash,
    conflicts,
    theirChanges,
    myChanges,
    hasBase: sides.base !== null,
    isSaving: false,
  })
}

function mergeByKey(sides: Sides) {
  const merge = mergeManifest(sides)
  if (!merge) return null
  const conflicts = merge.conflicts.map(({ path, base, theirs, mine }, index): MergeConflict => {
    const texts = { base: valueText(base), theirs: valueText(theirs), mine: valueText(mine) }
    return { id: String(index), label: pathText(path), path, ...texts, choice: null }
  })
  const text = merge.conflicts.reduce((result, { path, mine }) => withValueAt(result, path, mine), merge.text)
  return { ...merge, kind: 'keys' as const, text, conflicts, marks: [] }
}

function mergeByLine(sides: Sides) {
  const merge = mergeText(sides)
  const marks = merge.conflicts.map(({ start, end }, index) => ({ id: String(index), start, end }))
  const conflicts = merge.conflicts.map(({ base, theirs, mine, start }, index): MergeConflict => {
    const line = merge.text.slice(0, start).split('\n').length
    return { id: String(index), label: `line ${line}`, base, theirs: theirs || null, mine: mine || null, choice: null }
  })
  return { ...merge, kind: 'lines' as const, conflicts, marks }
}

export const mergeActiveDocument: Command = {
  id: 'document.merge',
  label: "Merge with the disk's text",
  when: ({ open, activeId, merges }) =>
    open.some(({ id, isConflicted, isMissing }) => id === activeId && isConflicted && !isMissing && !merges[id]),
  run: () => {
    const { activeId } = useLab.getState()
    return activeId === null ? undefined : beginMerge(activeId)
  },
}
