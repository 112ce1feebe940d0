import type { Flag } from '#contract/manifest.ts'
import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { reportError } from './report-error.ts'
import { saveIfDirty } from './save-document.ts'
import { syncDocument } from './sync-document.ts'

/** Turns a flag off, which is always allowed. */
export async function unsetFlag(variant: string, flag: Flag): Promise<void> {
  const { manifestId } = useLab.getState()
  if (!(await saveIfDirty(manifestId))) return
  const result = await lab().request('flags.unset', { variant, flag })
  if (!result.ok) reportError(result.error)
  if (manifestId) await syncDocument(manifestId)
  await refreshCatalog()
}
