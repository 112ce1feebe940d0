import type { Row } from '#contract/row.ts'
import { exitCodes } from './exit-codes.ts'

const unknownError = { maxAbs: null, maxRel: null, maxUlp: null, bound: null }

/** Scripts are promised no status `failed`: what could not be built or driven is `invalid`, or has no tool to run with. */
function statusOf({ status, errorKind }: Row) {
  if (status !== 'failed') return status
  return errorKind === 'missing-tool' ? 'unsupported' : 'invalid'
}

/**
 * A row as `--json` prints it: every promised field is there, whatever came of the bench. Without a time the kernel has
 * no samples; an error that is not known is null.
 */
export function rowDocument(row: Row) {
  return { ...row, status: statusOf(row), kernel: row.kernel ?? { samples: [] }, error: row.error ?? unknownError }
}

/** The exit status of rows: the first of a missing tool, a row that is `negative`, success. */
export function exitCodeOfRows(rows: readonly Row[], isNegative: (row: Row) => boolean): number {
  if (rows.some(({ errorKind }) => errorKind === 'missing-tool')) return exitCodes.missing
  return rows.some(isNegative) ? exitCodes.negative : exitCodes.success
}
