import { ok } from '#contract/error.ts'
import { compileFile } from '../compile/compile-file.ts'
import { runKernel } from '../run/run-kernel.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'

type CliRequest = 'cli.compile' | 'cli.run' | 'cli.selftest' | 'devices.list'

/** What the command line asks for, and the list that needs no workspace. */
export function cliHandlers(context: HostContext): Pick<HostHandlers, CliRequest> {
  return {
    'devices.list': async () => {
      const devices = context.devices.list()
      return devices.ok ? ok({ devices: devices.value }) : devices
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
