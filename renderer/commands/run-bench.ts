import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { runOptions, targetText } from './run-options.ts'

export const runBench: Command = {
  id: 'bench.run',
  label: 'Bench the chosen kernel',
  shortcut: 'Mod+Enter',
  when: (state) => runOptions(state) !== null && !Object.values(state.runs).some((run) => run.kind === 'bench'),
  run: () => startMeasuring('bench'),
}

export const runPrecision: Command = {
  id: 'precision.run',
  label: 'Measure the precision of the chosen kernel',
  shortcut: 'Mod+Shift+Enter',
  when: (state) => runOptions(state) !== null && !Object.values(state.runs).some((run) => run.kind === 'precision'),
  run: () => startMeasuring('precision'),
}

async function startMeasuring(kind: 'bench' | 'precision'): Promise<void> {
  const state = useLab.getState()
  const options = runOptions(state)
  if (!options) return
  state.setLayout({ tab: kind })
  const result = await lab().request(`${kind}.start`, options)
  if (result.ok) useLab.getState().beginRun({ runId: result.value.runId, kind, subject: targetText(options.target) })
  else useLab.getState().failRun(kind, result.error)
}
