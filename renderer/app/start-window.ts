import type { LabClient } from '#contract/ipc.ts'
import { setLab } from '../client/lab.ts'
import { backupAll, backupSoon } from '../commands/backup-document.ts'
import { checkDocumentSoon } from '../commands/check-document.ts'
import { loadDevicesAndRows, loadWorkspace } from '../commands/load-workspace.ts'
import { openDocument } from '../commands/open-document.ts'
import { refreshCatalog } from '../commands/refresh-catalog.ts'
import { loadSweep } from '../commands/run-sweep.ts'
import { followAnalyses } from '../commands/show-analysis.ts'
import { refreshStaleness } from '../commands/watch-analyses.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { MonacoPort } from '../editor/monaco-port.ts'
import { keepLayout, restoreLayout } from '../state/persist-layout.ts'
import { useLab } from '../state/store.ts'
import { followTheme } from './theme.ts'
import { wireEvents } from './wire-events.ts'
import { wireShortcuts } from './wire-shortcuts.ts'

/** Connects the window to a lab: state, events, shortcuts, the last session's layout. The documents follow by themselves. */
export async function startWindow(lab: LabClient): Promise<MonacoPort> {
  setLab(lab)
  const port = new MonacoPort({ onChange: documentChanged })
  setEditorPort(port)
  const last = restoreLayout(localStorage)
  followTheme()
  wireEvents(lab)
  wireShortcuts()
  followAnalyses()
  addEventListener('pagehide', () => void backupAll())
  void loadSession(last)
  return port
}

function documentChanged(id: string, isDirty: boolean): void {
  const state = useLab.getState()
  if (state.open.some((document) => document.id === id && document.isDirty !== isDirty))
    state.patchDocument(id, { isDirty })
  refreshStaleness()
  checkDocumentSoon(id)
  backupSoon(id)
}

async function loadSession(last: { open: string[]; activeId: string | null }): Promise<void> {
  await Promise.all([loadWorkspace(), loadDevicesAndRows(), loadSweep()])
  const nodes = useLab.getState().workspace?.nodes ?? []
  const known = last.open.filter((id) => nodes.some((node) => node.id === id))
  const first = nodes.find((node) => node.kind === 'metal')?.id
  const ids = known.length === 0 && first ? [first] : known
  await Promise.all([refreshCatalog(), ...ids.map((id) => openDocument(id, { isActivated: false }))])
  const front = ids.find((id) => id === last.activeId) ?? ids[0]
  if (front && useLab.getState().activeId === null) useLab.getState().activateDocument(front)
  keepLayout(localStorage)
}
