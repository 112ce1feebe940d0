import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { reportError } from './report-error.ts'

let serial = 0

/** Asks for the manifests and shape lists again, as they stand on the chosen device, and for the linter's findings. */
export async function refreshCatalog(): Promise<void> {
  const mine = ++serial
  const { deviceId } = useLab.getState()
  const [catalog, lint] = await Promise.all([
    lab().request('catalog.get', deviceId === null ? {} : { device: deviceId }),
    lab().request('lint.run', {}),
  ])
  if (mine !== serial) return
  if (catalog.ok) useLab.getState().setCatalog(catalog.value)
  else reportError(catalog.error)
  useLab.getState().setLintProblems(lint.ok ? lint.value.problems : [])
}
