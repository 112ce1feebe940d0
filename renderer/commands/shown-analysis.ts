import { targetKey } from '../selection/targets.ts'
import type { AnalysisView } from '../state/analysis-slice.ts'
import type { State } from '../state/store.ts'
import { currentTarget } from './run-options.ts'

/** The analysis of the chosen kernel: what the panel and the editor's margin show. */
export function shownAnalysis(state: State): AnalysisView | null {
  const target = currentTarget(state)
  return (target && state.analyses[targetKey(target)]) ?? null
}
