import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'

const settleMs = 400
const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Keeps unsaved text outside the window once typing has settled, so that a crash or a quit loses nothing. */
export function backupSoon(id: string): void {
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void backupNow(id), settleMs),
  )
}

/** Writes, or drops, the backup of a document. */
export async function backupNow(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  if (!timers.delete(id)) return
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  if (!document) return
  const text = document.isDirty ? (editorPort().text(id) ?? null) : null
  await lab().request('document.backup', { id, text, baseHash: document.baseHash })
}

/** Backs every open document up, as far as something is still due. */
export async function backupAll(): Promise<void> {
  await Promise.all(useLab.getState().open.map((document) => backupNow(document.id)))
}
