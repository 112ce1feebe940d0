import { fail, ok, type Result } from '#contract/error.ts'
import type { Supervisor } from '../host/supervisor.ts'

/** The device to use: the one asked for, else cpu, else the first that measures anything. Says why when there is none. */
export async function chooseDevice(lab: Supervisor, asked: string | undefined): Promise<Result<string>> {
  const listed = await lab.request('devices.list', {})
  if (!listed.ok) return listed
  const { devices } = listed.value
  const usable = devices.filter(({ unavailable }) => unavailable === undefined)
  if (asked !== undefined) {
    const device = devices.find(({ id }) => id === asked)
    const why = device
      ? `cannot be used: ${device.unavailable}`
      : `does not exist here; there are: ${devices.map(({ id }) => id).join(', ')}`
    return usable.some(({ id }) => id === asked)
      ? ok(asked)
      : fail({ kind: 'missing-tool', message: `the device "${asked}" ${why}` })
  }
  const device = usable.find(({ id }) => id === 'cpu') ?? usable.find(({ kind }) => kind !== 'null')
  if (device) return ok(device.id)
  const reasons = devices.flatMap(({ id, unavailable }) => (unavailable ? [`${id}: ${unavailable}`] : []))
  return fail({
    kind: 'missing-tool',
    message: `no device can be used here${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}`,
  })
}
