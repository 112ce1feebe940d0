import type { Identity, Row } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import type { SweepOptions } from '#contract/sweep.ts'
import { beginRow } from '../bench/row.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import type { RowOutline } from '../store/row-index.ts'
import { effectiveShape } from '../verify/operands.ts'
import type { RunContext } from '../verify/types.ts'

/** A stored row that stands in for running a pair. */
export interface KnownRow {
  row: Row
  /** As of a RowOutline. */
  sampledNs: number
  /** False of a row that this very sweep measured. */
  isCached: boolean
  /** The row of the pair's second measurement, as one of the fastest of its shape. */
  again?: Omit<KnownRow, 'again'>
}

/**
 * Of an identity what cannot be compared before the pair is run (the build: see isOfPresentBuild), and the commit: what
 * it says about a kernel its source hash says exactly, and every edit of any file changes it.
 */
const uncompared: readonly (keyof Identity)[] = ['compiler', 'flags', 'tier', 'gitCommit']

/** The request of a pair, as its bench is asked for. */
export function benchRequestOf(options: SweepOptions, { variant, shape }: PlannedRun, isAgain = false) {
  const { mode, tier, isCold, data, seed } = options
  const target = { kind: 'variant' as const, id: variant }
  return { target, shape, mode, tier, isCold, data, seed, ...(isAgain ? { isAgain } : { isBrief: true }) }
}

/** False when the kernel would today be compiled otherwise than for this row; rows without a build say nothing. */
function isOfPresentBuild({ device }: RunContext, { identity }: Row): boolean {
  const { tier, flags } = identity
  const tiers = device.tiers.filter(({ missing }) => missing === undefined)
  if (flags === '' || tiers.length === 0 || !tiers.some(({ name }) => name === tier)) return true
  return tiers.some((one) => one.name === tier && one.flags === flags)
}

/** Whether asking again could give another outcome although nothing of the row's identity changed. */
function mayChange({ status, errorKind, location }: Row): boolean {
  switch (status) {
    case 'ok':
    case 'wrong':
    case 'timeout':
    case 'unsupported':
      return false
    // Without a place it was not the kernel: somebody killed the host.
    case 'device-lost':
      return location === undefined
    case 'failed':
      return errorKind === 'missing-tool' || errorKind === 'internal'
    case 'invalid':
    case 'cancelled':
      return true
  }
}

/** Looks among stored rows for those that stand in for the pairs of a sweep. */
export class StoredRows {
  readonly #context: RunContext
  readonly #options: SweepOptions
  /** Positions of pairs by what their rows would say they ran. */
  readonly #pairs = new Map<string, { at: number; expected: Row }>()

  constructor(context: RunContext, options: SweepOptions, runs: readonly (PlannedRun | undefined)[]) {
    this.#context = context
    this.#options = options
    for (const [at, run] of runs.entries()) {
      if (!run) continue
      const expected = beginRow(context, benchRequestOf(options, run))
      Object.assign(expected.identity, { sourceHash: run.sourceHash, entryHash: run.entryHash })
      this.#pairs.set(keyOf(expected), { at, expected })
    }
  }

  /**
   * By position, the newest row that has today's identity, with the newest of its second measurements: of this sweep's own whatever came of them (`since` its
   * begin), of earlier ones when it is resumed those that another run could not change.
   */
  find(oldestFirst: readonly RowOutline[], since: string): Map<number, KnownRow> {
    const found = new Map<number, KnownRow>()
    for (const { row, sampledNs } of oldestFirst) {
      const isOwn = row.startedAt >= since
      if (isOwn ? row.status === 'cancelled' : !this.#options.isResumed || mayChange(row)) continue
      const pair = this.#pairs.get(keyOf(row))
      if (!pair || !this.#isSame(row, pair.expected, isOwn)) continue
      const known = { row, sampledNs, isCached: !isOwn }
      const first = found.get(pair.at)
      if (!row.isAgain) found.set(pair.at, known)
      else if (first) first.again = known
    }
    return found
  }

  #isSame(row: Row, expected: Row, isOwn: boolean): boolean {
    // Within one sweep the clock may change hands as it does without the death of a host.
    const left = isOwn ? [...uncompared, 'power'] : uncompared
    const names = (Object.keys(expected.identity) as (keyof Identity)[]).filter((name) => !left.includes(name))
    const isEqual = names.every((name) => row.identity[name] === expected.identity[name])
    const isBesideSame = row.baseline.name === expected.baseline.name
    return isEqual && isBesideSame && row.tierAsked === expected.tierAsked && isOfPresentBuild(this.#context, row)
  }
}

/** Rows of one pair on one device agree in it; their identities may differ. */
function keyOf({ variant, shape, device, identity }: Row): string {
  return JSON.stringify([variant, formatShape(effectiveShape(shape)), device, identity.mode, identity.cache])
}
