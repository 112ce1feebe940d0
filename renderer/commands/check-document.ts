import type { Diagnostic, Entry } from '#contract/diagnostic.ts'
import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { reportError } from './report-error.ts'

const settleMs = 120
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const serials = new Map<string, number>()

/** Compiles a document once typing has settled. Only .metal files compile by themselves. */
export function checkDocumentSoon(id: string, delayMs: number = settleMs): void {
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void checkDocument(id), delayMs),
  )
}

/** Compiles what the editor holds and shows what the compiler says; an answer to older text is dropped. */
export async function checkDocument(id: string): Promise<void> {
  const state = useLab.getState()
  const text = editorPort().text(id)
  const isKernel = state.open.find((document) => document.id === id)?.kind === 'metal'
  if (!isKernel || text === undefined || state.deviceId === null || state.host.state === 'failed') return
  const serial = (serials.get(id) ?? 0) + 1
  serials.set(id, serial)
  const begin = performance.now()
  const result = await lab().request('compile.check', { documentId: id, text, device: state.deviceId })
  if (serials.get(id) !== serial) return
  if (!result.ok) {
    if (result.error.kind !== 'compile') return reportError(result.error)
    return showCompiled(id, result.error.diagnostics, null)
  }
  const { ok: isOk, diagnostics, entries, timing } = result.value
  useLab.getState().setCompile(id, { roundTripMs: performance.now() - begin, timing, isOk })
  showCompiled(id, diagnostics, isOk || entries.length > 0 ? entries : null)
}

function showCompiled(id: string, diagnostics: Diagnostic[], entries: Entry[] | null): void {
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  if (!document) return
  useLab.getState().setCompiled(id, diagnostics, entries)
  editorPort().showDiagnostics(
    id,
    diagnostics.filter((diagnostic) => isAbout(diagnostic.file, document)),
  )
}

/** Whether a diagnostic's file is this document, however the compiler spelt its path. */
export function isAbout(file: string, document: { id: string; name: string; path: string }): boolean {
  return file === document.id || file === document.path || file === document.name || file.endsWith(`/${document.path}`)
}

/** Compiles every open kernel again: the device, or a header, changed. */
export function checkOpenDocuments(): void {
  for (const document of useLab.getState().open) checkDocumentSoon(document.id, 0)
}
