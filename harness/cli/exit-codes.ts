import type { LabError } from '#contract/error.ts'

/** What `klab` tells a script by its exit status. */
export const exitCodes = {
  success: 0,
  /** The lab did what was asked, and the answer is no: wrong, not proven, does not compile, crashed. */
  negative: 1,
  /** The command line asks for something that does not exist or cannot be. */
  usage: 2,
  /** A device, compiler or library is missing here. */
  missing: 3,
} as const

/** The exit status of a command that failed. */
export function exitCodeOf(error: LabError): number {
  switch (error.kind) {
    case 'missing-tool':
      return exitCodes.missing
    case 'invalid':
    case 'not-found':
      return exitCodes.usage
    case 'compile':
    case 'pipeline':
    case 'mismatch':
    case 'device-lost':
    case 'timeout':
    case 'unsupported':
    case 'manifest':
    case 'conflict':
    case 'cancelled':
    case 'internal':
      return exitCodes.negative
  }
}
