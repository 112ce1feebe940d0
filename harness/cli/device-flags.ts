import { ok, type Result } from '#contract/error.ts'
import type { FlagStatus } from '#contract/manifest.ts'
import { type Invocation, textOf } from './command.ts'

/**
 * Flags as they stand on the device of --device, which need not be one that can be used here; else on the first that can
 * compile. Of the host, which knows devices: what was proven on another, or for another compiler, is not proven here.
 */
export async function listFlags(invocation: Invocation): Promise<Result<FlagStatus[]>> {
  const device = textOf(invocation, 'device')
  const listed = await invocation.lab().request('flags.list', device === undefined ? {} : { device })
  return listed.ok ? ok(listed.value.flags) : listed
}
