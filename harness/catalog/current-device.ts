import { type Device, mathMode } from '#contract/device.ts'
import type { Tier } from '#contract/tier.ts'
import { proofSources, type SourceHashes } from './proof-sources.ts'

/** What evidence is compared with: the device of a session, and what it would compile with. */
export interface CurrentDevice {
  /** A proof on one kind of device says nothing of another. */
  kind: string
  compiler: string
  mathMode: string
  /** Of the gates that a proof would run; absent where evidence is not held against them. */
  proofSources?: SourceHashes
  /** What a run may choose among; empty where everything runs in one way. */
  tiers: readonly Tier[]
  /** The build that a run has chosen. */
  ran?: { tier: string; flags: string }
}

/** The device as evidence is compared with it; also one that cannot be used here, on which then nothing is proven. */
export function currentDevice({ kind, driver, tiers }: Pick<Device, 'kind' | 'driver' | 'tiers'>): CurrentDevice {
  return { kind, compiler: driver, mathMode, proofSources, tiers }
}

/** When none was asked for, as for a bare plan: nothing is proven on it. */
export const noDevice: CurrentDevice = { kind: 'no device', compiler: '', mathMode, tiers: [] }

/** Differences of two lists of compiler flags as text: words that are gone and words that came. */
export function flagsChange(from: string, to: string): string {
  const [old, now] = [from.split(' '), to.split(' ')]
  const gone = old.filter((word) => !now.includes(word))
  const came = now.filter((word) => !old.includes(word))
  if (gone.length === 0 && came.length === 0) return 'stand in another order'
  const text = (words: string[]) => words.map(shortHashes).join(' ') || 'nothing'
  return `changed from ${text(gone)} to ${text(came)}`
}

const shortHashes = (word: string) => word.replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1…')
