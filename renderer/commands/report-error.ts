import type { LabError } from '#contract/error.ts'
import { useLab } from '../state/store.ts'

/** Tells the person about a failure that has no panel of its own. A cancel is not one. */
export function reportError(error: LabError): void {
  if (error.kind === 'cancelled') return
  useLab.getState().notify('error', errorText(error))
}

/** One line or two: what happened, and what to do where the kind says it. */
export function errorText(error: LabError): string {
  if (error.kind === 'missing-tool' && error.command) return `${error.message} Run: ${error.command}`
  if (error.kind === 'manifest' && error.line)
    return `${error.message} (line ${error.line}, column ${error.column ?? 1})`
  return error.message
}
