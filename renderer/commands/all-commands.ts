import { useLab } from '../state/store.ts'
import { cancelAllRuns } from './cancel-run.ts'
import { closeActiveDocument } from './close-document.ts'
import type { Command } from './command.ts'
import { layoutCommands } from './layout-commands.ts'
import { mergeActiveDocument } from './merge-document.ts'
import { askFlags } from './prove-flag.ts'
import { pinChosenRow, unpinRow } from './reference-row.ts'
import { restartHost } from './restart-host.ts'
import { runAnalysis } from './run-analysis.ts'
import { runBench, runPrecision } from './run-bench.ts'
import { runSweep, stopSweep } from './run-sweep.ts'
import { saveActiveDocument, saveAllDocuments } from './save-document.ts'

/** Every command of the palette, in the order it is shown. */
export const allCommands: readonly Command[] = [
  runBench,
  runPrecision,
  runAnalysis,
  runSweep,
  stopSweep,
  pinChosenRow,
  unpinRow,
  cancelAllRuns,
  saveActiveDocument,
  saveAllDocuments,
  askFlags,
  mergeActiveDocument,
  closeActiveDocument,
  restartHost,
  ...layoutCommands,
]

/** Runs a command if it may be run now. */
export function runCommand(command: Command): void {
  if (command.when && !command.when(useLab.getState())) return
  void command.run()
}
