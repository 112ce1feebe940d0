import type { Flag } from '#contract/manifest.ts'
import { lab } from '../client/lab.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { saveIfDirty } from './save-document.ts'

/** Puts a flag through the gates. The files it is about are saved first: a proof is about what the disk holds. */
export async function proveFlag(variant: string, flag: Flag): Promise<void> {
  const state = useLab.getState()
  const subject = proofKey(variant, flag)
  if (state.deviceId === null || Object.values(state.runs).some((run) => run.subject === subject)) return
  const documentId = state.variants.find((candidate) => candidate.id === variant)?.documentId
  const isSaved = (await saveIfDirty(documentId)) && (await saveIfDirty(state.manifestId))
  if (!isSaved) {
    state.notify('error', `${variant} was not proven: its file or the manifest could not be saved first.`)
    return
  }
  const result = await lab().request('proof.start', { variant, flag, device: state.deviceId })
  if (result.ok) useLab.getState().beginRun({ runId: result.value.runId, kind: 'proof', subject })
  else useLab.getState().failRun(subject, result.error)
}
