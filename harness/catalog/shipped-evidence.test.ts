import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { currentDevice } from './current-device.ts'
import { flagStatuses } from './flags.ts'
import { manifestOf } from './resolve-target.ts'
import { Workspace } from './workspace.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

/** What a fresh clone shows as green. A change of the lab that outdates its own proofs comes with `klab prove --again`. */
describe.skipIf(whyNoCpu)('the evidence that is committed', () => {
  let device: DeviceHandle
  beforeAll(() => {
    device = testDevice(testLibrary(), 'cpu')
  })
  afterAll(() => device.close())

  it('proves every flag that is on, for the builds of today', () => {
    const workspace = must(Workspace.open(join(import.meta.dirname, '..', '..')))
    const now = currentDevice({ ...device.info, tiers: device.tiers })
    const statuses = flagStatuses(workspace, must(manifestOf(workspace)), now)
    const on = statuses.filter(({ value }) => value)
    expect(on.length).toBeGreaterThan(0)
    // Another compiler is this machine's affair: its flags are rightly claimed until they are proven with it.
    const stale = on.filter(({ state, reason }) => state !== 'proven' && !/^the compiler changed from /.test(reason))
    expect(stale.map(({ variant, flag, reason }) => `${variant} ${flag}: ${reason}`)).toEqual([])
  })
})
