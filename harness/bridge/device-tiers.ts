import type { Tier } from '#contract/tier.ts'
import { Arena } from './arena.ts'
import type { FunctionName } from './declarations.ts'

/** The library, as far as this needs it. */
interface Calls {
  status(name: FunctionName, ...args: (bigint | number)[]): number
}

/** The tiers that modules made from now on may run in; see klab_device_get_tier. */
export function readTiers(library: Calls, device: bigint): Tier[] {
  const tiers: Tier[] = []
  for (;;) {
    const out = new Arena().out('klab_tier_info')
    if (library.status('klab_device_get_tier', device, tiers.length, out.address) !== 0) return tiers
    const { name, flags, missing } = out.read()
    tiers.push({ name, flags, ...(missing ? { missing } : {}) })
  }
}
