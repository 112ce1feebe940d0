import { fail, ok, type Result } from '#contract/error.ts'
import { flagStatuses } from '../catalog/flags.ts'
import { lintWorkspace } from '../catalog/lint.ts'
import { readManifest } from '../catalog/manifest-file.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { unsetFlag } from '../catalog/write-flags.ts'
import { readBuilds } from '../compile/read-builds.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'

type CatalogRequest = 'catalog.get' | 'flags.list' | 'flags.unset' | 'lint.run'

/** Manifest, flags, shapes, and what is wrong with them. */
export function catalogHandlers(context: HostContext): Pick<HostHandlers, CatalogRequest> {
  const within = async <T>(use: (workspace: Workspace) => Result<T>): Promise<Result<T>> => {
    const workspace = context.workspace()
    return workspace.ok ? use(workspace.value) : workspace
  }
  return {
    'catalog.get': ({ device: id }) =>
      within((workspace) => {
        const device = context.currentDevice(id)
        return device.ok ? ok(context.catalog(workspace).read(device.value)) : device
      }),
    'flags.list': ({ device: id }) =>
      within((workspace) => {
        const path = workspace.manifestPath
        if (path === null) return fail({ kind: 'not-found', message: `no manifest in ${workspace.root}` })
        const reading = readManifest(path)
        if (!reading.ok) return reading
        const device = context.currentDevice(id)
        return device.ok ? ok({ flags: flagStatuses(workspace, reading.value, device.value) }) : device
      }),
    'flags.unset': ({ variant, flag }) =>
      within((workspace) => {
        const unset = unsetFlag(workspace, { variant, flag })
        if (unset.ok) context.emit('catalog.changed', {})
        return unset
      }),
    'lint.run': async ({ device: id }) => {
      const workspace = context.workspace()
      if (!workspace.ok) return workspace
      if (id === undefined) return ok({ problems: lintWorkspace(workspace.value) })
      const device = context.devices.device(id, 'check')
      if (!device.ok) return device
      return ok({ problems: lintWorkspace(workspace.value, await readBuilds(device.value, workspace.value)) })
    },
  }
}
