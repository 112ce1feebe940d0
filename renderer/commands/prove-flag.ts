import type { Flag } from '#contract/manifest.ts'
import { lab } from '../client/lab.ts'
import { proofKey } from '../state/runs-slice.ts'
import { type State, useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { saveIfDirty } from './save-document.ts'

/** Puts a flag through the gates. The files it is about are saved first: a proof is about what the disk holds. */
export function proveFlag(variant: string, flag: Flag): Promise<void> {
  return startProof({ variant, flag, isDry: false })
}

/** The same, but writes nothing: only finds out whether a flag that is off could be true. */
export function askFlag(variant: string, flag: Flag): Promise<void> {
  return startProof({ variant, flag, isDry: true })
}

async function startProof({ variant, flag, isDry }: { variant: string; flag: Flag; isDry: boolean }): Promise<void> {
  const state = useLab.getState()
  const subject = proofKey(variant, flag)
  if (state.deviceId === null || Object.values(state.runs).some((run) => run.subject === subject)) return
  const documentId = state.variants.find((candidate) => candidate.id === variant)?.documentId
  const isSaved = (await saveIfDirty(documentId)) && (await saveIfDirty(state.manifestId))
  if (!isSaved) {
    state.notify('error', `${variant} was not proven: its file or the manifest could not be saved first.`)
    return
  }
  const result = await lab().request('proof.start', {
    variant,
    flag,
    device: state.deviceId,
    ...(isDry ? { isDry } : {}),
  })
  if (result.ok) useLab.getState().beginRun({ runId: result.value.runId, kind: 'proof', subject })
  else useLab.getState().failRun(subject, result.error)
}

/** Flags of the chosen variant that are off, and about which nothing is known. */
const openQuestions = ({ variants, selectedFlag }: State) =>
  (variants.find(({ id }) => id === selectedFlag?.variant)?.flags ?? []).filter(
    ({ value, couldBe }) => !value && !couldBe,
  )

export const askFlags: Command = {
  id: 'flags.ask',
  label: 'Ask which flags of the chosen variant could be true',
  when: (state) => state.deviceId !== null && openQuestions(state).length > 0,
  run: async () => {
    for (const { variant, flag } of openQuestions(useLab.getState())) await askFlag(variant, flag)
  },
}
