import type { Row } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { flagsNeeded } from '../catalog/filter.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { writeCouldBe } from '../store/could-be.ts'

/**
 * A row that is wrong, or whose kernel crashed, on a shape that the manifest claims: the flags that the shape needs do not
 * look proven from then on, until they are proven anew. That it cannot be kept is no failure.
 */
export function noteRow({ stateFolder }: Workspace, row: Row, deviceKind: string): void {
  const hasCrashed = row.status === 'device-lost' && row.location !== undefined
  if (row.claim === 'none' || (row.status !== 'wrong' && !hasCrashed)) return
  const { sourceHash, entryHash, compiler } = row.identity
  const reason = `${formatShape(row.shape)}: ${row.reason ?? row.status}`
  const checkedAt = new Date().toISOString()
  const is = { sourceHash, entryHash, compiler, device: deviceKind, isTrue: false, reason, checkedAt, isBench: true }
  const found = flagsNeeded(row.shape).map((flag) => ({ variant: row.variant, flag, is }))
  if (found.length > 0) writeCouldBe(stateFolder, found)
}
