import { ok } from '#contract/error.ts'
import { noteRow } from '../bench/note-row.ts'
import { compileFile } from '../compile/compile-file.ts'
import { runKernel } from '../run/run-kernel.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'

type CliRequest = 'cli.compile' | 'cli.run' | 'cli.selftest' | 'devices.list' | 'rows.add' | 'rows.get' | 'rows.list'

/** What the command line asks for, and the two lists that need no workspace of kernels. */
export function cliHandlers(context: HostContext): Pick<HostHandlers, CliRequest> {
  return {
    'devices.list': async () => {
      const devices = context.devices.list()
      return devices.ok ? ok({ devices: devices.value }) : devices
    },
    'rows.list': async ({ limit }) => {
      const workspace = context.workspace()
      return workspace.ok ? ok({ rows: context.rows(workspace.value).list(limit) }) : workspace
    },
    'rows.get': async ({ ids }) => {
      const workspace = context.workspace()
      return workspace.ok ? ok({ rows: context.rows(workspace.value).find(ids) }) : workspace
    },
    'rows.add': async ({ row }) => {
      const workspace = context.workspace()
      if (!workspace.ok) return workspace
      const device = context.currentDevice(row.device)
      if (device.ok) noteRow(workspace.value, row, device.value.kind)
      const kept = context.rows(workspace.value).append(row)
      return kept.ok ? ok({}) : kept
    },
    'cli.compile': async ({ device: id, entry, ...file }) => {
      const device = context.devices.device(id, 'check')
      return device.ok ? compileFile(device.value, file, entry) : device
    },
    'cli.run': async (request) => {
      const device = context.devices.device(request.device, 'run')
      return device.ok ? runKernel(device.value, request) : device
    },
    'cli.selftest': async ({ device: id }) => {
      const device = context.devices.device(id, 'run')
      return device.ok ? device.value.selftest() : device
    },
  }
}
