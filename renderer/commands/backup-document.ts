import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'

/** A pause in typing after which the text is kept. */
const settleMs = 200
/** Who types on and on is not waited for: no keystroke is older than this when its text is sent. */
const mostMs = 400
const firstRetryMs = 1000
const mostRetryMs = 10_000

interface Due {
  timer: ReturnType<typeof setTimeout>
  /** Of the first change that is not kept yet. */
  since: number
}
const due = new Map<string, Due>()
const failures = new Map<string, number>()

function schedule(id: string, since: number, waitMs: number): void {
  clearTimeout(due.get(id)?.timer)
  due.set(id, { since, timer: setTimeout(() => void backupNow(id), waitMs) })
}

/** Keeps unsaved text outside the window, soon after typing stops and every so often while it does not. */
export function backupSoon(id: string): void {
  const now = performance.now()
  const since = due.get(id)?.since ?? now
  schedule(id, since, Math.max(0, Math.min(settleMs, since + mostMs - now)))
}

/** Writes, or drops, the backup of a document, when that is due. One that fails is tried again until it succeeds. */
export async function backupNow(id: string): Promise<void> {
  clearTimeout(due.get(id)?.timer)
  if (!due.delete(id)) return
  const document = openDocument(id)
  if (!document) return
  const text = document.isDirty ? (editorPort().text(id) ?? null) : null
  const kept = await lab().request('document.backup', { id, text, baseHash: document.baseHash })
  if (kept.ok) failures.delete(id)
  else if (openDocument(id) && !due.has(id)) retry(id)
}

function retry(id: string): void {
  const count = failures.get(id) ?? 0
  failures.set(id, count + 1)
  schedule(id, performance.now(), Math.min(mostRetryMs, firstRetryMs * 2 ** count))
}

const openDocument = (id: string) => useLab.getState().open.find((candidate) => candidate.id === id)

/** Backs every open document up, as far as something is still due. */
export async function backupAll(): Promise<void> {
  await Promise.all(useLab.getState().open.map((document) => backupNow(document.id)))
}
