import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { reportError } from './report-error.ts'

let serial = 0

/** Asks for the manifests and shape lists again, and for the linter's findings. */
export async function refreshCatalog(): Promise<void> {
  const mine = ++serial
  const [catalog, lint] = await Promise.all([lab().request('catalog.get', {}), lab().request('lint.run', {})])
  if (mine !== serial) return
  if (catalog.ok) useLab.getState().setCatalog(catalog.value)
  else reportError(catalog.error)
  useLab.getState().setLintProblems(lint.ok ? lint.value.problems : [])
}
