import { useEffect } from 'react'
import type { Row } from '#contract/row.ts'
import { fetchWholeRow } from '../commands/list-rows.ts'
import { rowAt } from '../state/rows-slice.ts'
import { type State, useLab } from '../state/store.ts'

/** The row that was chosen, else the first of the list: with its samples as soon as these are at hand. */
function chosenRow(state: State): Row | null {
  const id = state.selectedRowId ?? rowAt(state, 0)?.id ?? state.rows[0]?.id
  if (id === undefined) return null
  const inList = () => Object.values(state.rowPages).flatMap((page) => page.find((row) => row.id === id) ?? [])[0]
  return state.rows.find((row) => row.id === id) ?? state.wholeRows[id] ?? inList() ?? null
}

/** The row whose detail is shown, and a request for its samples where they are not at hand. */
export function useChosenRow(): Row | null {
  const row = useLab(chosenRow)
  const id = useLab((state) => state.selectedRowId) ?? row?.id
  useEffect(() => {
    if (id) void fetchWholeRow(id)
  }, [id])
  return row
}
