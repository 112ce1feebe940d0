import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { backupNow } from './backup-document.ts'
import type { Command } from './command.ts'
import { leaveMerge } from './leave-merge.ts'

/** Takes a tab away. Unsaved text stays in its backup, and is there again when the document is opened next. */
export async function closeDocument(id: string): Promise<void> {
  await backupNow(id)
  leaveMerge(id)
  useLab.getState().removeDocument(id)
  editorPort().close(id)
}

export const closeActiveDocument: Command = {
  id: 'document.close',
  label: 'Close tab',
  shortcut: 'Alt+W',
  when: (state) => state.activeId !== null,
  run: () => {
    const { activeId } = useLab.getState()
    return activeId === null ? undefined : closeDocument(activeId)
  },
}
