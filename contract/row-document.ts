import type { Row } from './row.ts'
import { outcomeOf, type SweepCell, type SweepCellState } from './sweep.ts'

const unknownError = { maxAbs: null, maxRel: null, maxUlp: null, bound: null }

/** Scripts are promised no status `failed`: what could not be built or driven is `invalid`, or has no tool to run with. */
export function promised<State extends SweepCellState>(state: State, errorKind: string | undefined) {
  if (state !== 'failed') return state as Exclude<State, 'failed'>
  return errorKind === 'missing-tool' ? ('unsupported' as const) : ('invalid' as const)
}

/**
 * A row as a script gets it: every promised field is there, whatever came of the bench. Without a time the kernel has
 * no samples; an error that is not known is null.
 */
export function rowDocument(row: Row) {
  const status = promised(row.status, row.errorKind)
  return { ...row, status, kernel: row.kernel ?? { samples: [] }, error: row.error ?? unknownError }
}

/** What came of a pair in the same words; `rows` by id. */
export function outcomeDocument(cell: SweepCell, rows: ReadonlyMap<string, Row>) {
  const { state } = outcomeOf(cell)
  const decisive = state === cell.state ? cell.rowId : cell.again?.rowId
  return promised(state, rows.get(decisive ?? '')?.errorKind)
}
