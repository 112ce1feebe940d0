import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'

/** Ends a merge without a result: the disk and the editor keep what they held. */
export function leaveMerge(id: string): void {
  useLab.getState().endMerge(id)
  editorPort().merges.close(id)
}
