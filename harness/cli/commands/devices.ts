import type { Device } from '#contract/device.ts'
import { ok } from '#contract/error.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatBytes, table } from '../output.ts'

const rowOf = (device: Device) =>
  device.unavailable
    ? [device.id, `unavailable: ${device.unavailable}`]
    : [
        device.id,
        device.name,
        device.arch,
        device.driver,
        String(device.coreCount),
        formatBytes(device.maxBufferBytes),
        device.baseline ?? `none: ${device.baselineMissing ?? 'not supported'}`,
      ]

export const command: Command = {
  summary: 'list the devices, and why one cannot be used',
  usage: '',
  options: {},
  maxPositionals: 0,
  async run(invocation) {
    const listed = await invocation.lab().request('devices.list', {})
    if (!listed.ok) return listed
    const { devices } = listed.value
    const text = table(['id', 'name', 'arch', 'driver', 'cores', 'max buffer', 'baseline'], devices.map(rowOf))
    return ok({ document: { devices }, text, exitCode: exitCodes.success })
  },
}
