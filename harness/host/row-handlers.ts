import { fail, ok, type Result } from '#contract/error.ts'
import { noteRow } from '../bench/note-row.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { readReference, writeReference } from '../store/reference-row.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'

type RowRequest = 'rows.add' | 'rows.get' | 'rows.list' | 'rows.page' | 'rows.pin' | 'rows.reference' | 'rows.sources'

/** Stored rows: lists of them, what they were compiled from, and the one that others are held against. */
export function rowHandlers(context: HostContext): Pick<HostHandlers, RowRequest> {
  const within = async <T>(use: (workspace: Workspace) => Result<T> | Promise<Result<T>>): Promise<Result<T>> => {
    const workspace = context.workspace()
    return workspace.ok ? use(workspace.value) : workspace
  }
  return {
    'rows.list': ({ limit }) => within((workspace) => ok({ rows: context.rows(workspace).list(limit) })),
    'rows.get': ({ ids }) => within((workspace) => ok({ rows: context.rows(workspace).find(ids) })),
    'rows.page': (query) => within(async (workspace) => ok(await context.rows(workspace).page(query))),
    'rows.sources': ({ hashes }) => within((workspace) => ok({ sources: context.sources(workspace).find(hashes) })),
    'rows.reference': () => within(({ stateFolder }) => ok({ row: readReference(stateFolder) })),
    'rows.pin': ({ id }) =>
      within((workspace) => {
        const row = id === null ? null : context.rows(workspace).find([id])[0]
        if (row === undefined) return fail({ kind: 'not-found', message: `there is no row ${id} to pin (any more)` })
        const kept = writeReference(workspace.stateFolder, row)
        return kept.ok ? ok({ row }) : kept
      }),
    'rows.add': ({ row }) =>
      within((workspace) => {
        const device = context.currentDevice(row.device)
        if (device.ok) noteRow(workspace, row, device.value.kind)
        const kept = context.rows(workspace).append(row)
        return kept.ok ? ok({}) : kept
      }),
  }
}
