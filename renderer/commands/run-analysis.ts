import { analysisChecks } from '#contract/analysis.ts'
import type { AnalysisOptions } from '#contract/ipc.ts'
import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { targetKey } from '../selection/targets.ts'
import type { AnalysedTexts } from '../state/analysis-slice.ts'
import type { TargetChoice } from '../state/selection-slice.ts'
import { type State, useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { currentTarget, runOptions, targetText } from './run-options.ts'
import { refreshStaleness } from './watch-analyses.ts'

const maxSchedules = 64

/** How many schedules the form asks for; null when it says no such number. */
export function parseSchedules(text: string): number | null {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= maxSchedules ? Number(text) : null
}

/** What an analysis would be asked to do now; null when the form is not complete. */
export function analysisOptions(state: State): AnalysisOptions | null {
  const options = runOptions(state)
  const schedules = parseSchedules(state.schedules)
  const checks = analysisChecks.filter((check) => state.checks[check])
  if (!options || schedules === null || checks.length === 0) return null
  const { target, shape, device, data, seed } = options
  return { target, shape, device, data, seed, checks, schedules }
}

/** Why the chosen kernel cannot be analysed on the chosen device; null when it can. */
export function analysisRefusal(state: State): string | null {
  const device = state.devices.find((candidate) => candidate.id === state.deviceId)
  if (device && !device.capabilities.includes('analyse'))
    return `The ${device.id} device cannot analyse kernels. Choose the cpu device in the status bar.`
  return null
}

export const runAnalysis: Command = {
  id: 'analysis.run',
  label: 'Analyse the chosen kernel',
  shortcut: 'Mod+Alt+Enter',
  when: (state) =>
    analysisOptions(state) !== null &&
    analysisRefusal(state) === null &&
    !Object.values(state.runs).some((run) => run.kind === 'analysis'),
  run: startAnalysis,
}

async function startAnalysis(): Promise<void> {
  const state = useLab.getState()
  const options = analysisOptions(state)
  const choice = currentTarget(state)
  if (!options || !choice) return
  state.setLayout({ tab: 'analysis' })
  // Taken now: what is typed while the lab works was not analysed.
  const texts = textsOf(state, choice)
  const result = await lab().request('analysis.start', options)
  if (!result.ok) return useLab.getState().failRun('analysis', result.error)
  const { runId } = result.value
  useLab.getState().expectAnalysis(runId, { key: targetKey(choice), texts })
  useLab.getState().beginRun({ runId, kind: 'analysis', subject: targetText(choice) })
  refreshStaleness()
}

/** The unsaved text of the kernel goes along with the request; of every other document the lab sees what is on disk. */
function textsOf(state: State, choice: TargetChoice): AnalysedTexts {
  const own =
    choice.kind === 'entry' ? choice.documentId : state.variants.find((variant) => variant.id === choice.id)?.documentId
  const texts = state.open.map(({ id, isDirty }) => [
    id,
    isDirty && id !== own ? null : (editorPort().text(id) ?? null),
  ])
  return Object.fromEntries(texts)
}
