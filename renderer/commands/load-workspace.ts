import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { refreshRows } from './list-rows.ts'
import { loadReference } from './reference-row.ts'
import { reportError } from './report-error.ts'

/** Reads the tree of files; from then on the host that answered tells what changes on disk. */
export async function loadWorkspace(): Promise<void> {
  const result = await lab().request('workspace.open', {})
  if (result.ok) useLab.getState().setWorkspace(result.value)
  else reportError(result.error)
}

/** Reads which devices there are, and the rows of earlier sessions. */
export async function loadDevicesAndRows(): Promise<void> {
  const [devices] = await Promise.all([lab().request('devices.list', {}), refreshRows(), loadReference()])
  if (devices.ok) {
    const { host, setHost, setDevices } = useLab.getState()
    setDevices(devices.value.devices)
    if (host.state === 'starting') setHost({ ...host, state: 'ready' })
  }
  if (!devices.ok) reportError(devices.error)
}
