import type { Row } from '#contract/row.ts'
import { exitCodes } from './exit-codes.ts'

/** The exit status of rows: the first of a missing tool, a row that is `negative`, success. */
export function exitCodeOfRows(rows: readonly Row[], isNegative: (row: Row) => boolean): number {
  if (rows.some(({ errorKind }) => errorKind === 'missing-tool')) return exitCodes.missing
  return rows.some(isNegative) ? exitCodes.negative : exitCodes.success
}
