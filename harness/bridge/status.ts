import type { Diagnostic } from '#contract/diagnostic.ts'
import type { LabError } from '#contract/error.ts'

/** Names of klab_status by number: the X-macro of klab.h, which a test compares with this list. */
export const statusNames = [
  'OK',
  'INVALID_ARGUMENT',
  'COMPILE',
  'PIPELINE',
  'NOT_FOUND',
  'MISMATCH',
  'OUT_OF_MEMORY',
  'TIMEOUT',
  'DEVICE_LOST',
  'UNSUPPORTED',
  'CANCELLED',
  'TOOL_MISSING',
  'IO',
  'INTERNAL',
] as const

export type StatusName = (typeof statusNames)[number]

/** The name of a status number; INTERNAL for one this bridge does not know. */
export function statusName(status: number): StatusName {
  return statusNames[status] ?? 'INTERNAL'
}

/** After these the device answers nothing else, and only a new process gets it back. */
export function losesDevice(status: number): boolean {
  const name = statusName(status)
  return name === 'TIMEOUT' || name === 'DEVICE_LOST'
}

/** What a failed native call means to the lab. `diagnostics` belong to a COMPILE status only. */
export function toLabError(status: number, message: string, diagnostics: Diagnostic[] = []): LabError {
  const name = statusName(status)
  switch (name) {
    case 'COMPILE':
      return { kind: 'compile', message, diagnostics }
    case 'PIPELINE':
      return { kind: 'pipeline', message }
    case 'NOT_FOUND':
      return { kind: 'not-found', message }
    case 'INVALID_ARGUMENT':
    case 'MISMATCH':
      return { kind: 'invalid', message }
    case 'OUT_OF_MEMORY':
    case 'UNSUPPORTED':
      return { kind: 'unsupported', message }
    case 'TIMEOUT':
      return { kind: 'timeout', message }
    case 'DEVICE_LOST':
      return { kind: 'device-lost', message }
    case 'CANCELLED':
      return { kind: 'cancelled', message }
    case 'TOOL_MISSING':
      return { kind: 'missing-tool', message }
    case 'OK':
    case 'IO':
    case 'INTERNAL':
      return { kind: 'internal', message }
  }
}
