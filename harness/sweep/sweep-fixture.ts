import { ok } from '#contract/error.ts'
import type { Row, RowStatus } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { type SweepCell, type SweepProgress, sweepOptionsSchema } from '#contract/sweep.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import type { PlannedMatrix } from './plan-matrix.ts'
import { Sweep, type SweepHost, type SweepStart } from './sweep.ts'

/** Test support: variants × shapes, where `isGap` says which pairs are not run. */
export function matrixOf(
  variants: readonly string[],
  shapeCount: number,
  isGap: (variant: number, shape: number) => boolean = () => false,
): PlannedMatrix {
  const shapes = Array.from({ length: shapeCount }, (_, at) => ({
    shape: shapeSchema.parse({ m: 1, n: 64 + at, k: 64 }),
    op: 'matmul',
    line: at + 1,
  }))
  const pairs = variants.flatMap((_, variant) => shapes.map((_, shape) => ({ variant, shape })))
  return {
    matrix: {
      variants: variants.map((id) => ({ id, backend: id.split('/')[0]!, isBaseline: false, dtype: 'f16' as const })),
      shapes,
      cells: pairs.map(
        ({ variant, shape }): SweepCell =>
          isGap(variant, shape)
            ? { variant, shape, state: 'gap', reason: 'batch not supported', isCached: false }
            : { variant, shape, state: 'waiting', claim: 'claimed', isCached: false },
      ),
    },
    runs: pairs.map(({ variant, shape }): PlannedRun | undefined =>
      isGap(variant, shape)
        ? undefined
        : {
            ...{ variant: variants[variant]!, shape: shapes[shape]!.shape, claim: 'claimed', entry: 'f', build: 'f' },
            ...{ sourceHash: 's', entryHash: 'e' },
          },
    ),
  }
}

let rowsMade = 0

/** Test support: a row of a pair. */
export function rowOf({ variant, shape }: Pick<PlannedRun, 'variant' | 'shape'>, patch: Partial<Row> = {}): Row {
  const identity = {
    ...{ sourceHash: 's', entryHash: 'e', compiler: '', flags: '', mathMode: 'fast', device: 'd', driver: '', os: '' },
    ...{ labVersion: '', gitCommit: '', dtype: 'f16', seed: 1, data: 'random', mode: 'single', cache: 'warm' },
    ...{ tier: '', power: 'unknown' },
  } as Row['identity']
  return {
    ...{ id: `row-${rowsMade++}`, variant, shape, device: 'null', status: 'ok', baseline: { name: 'none' }, identity },
    ...{ claim: 'claimed', startedAt: new Date().toISOString(), wallNs: 1, isCached: false },
    ...patch,
  }
}

/** Test support: what a sweep asked of its host, in order, and what it told. */
export interface SweepTrace {
  asked: string[]
  told: (SweepProgress & { cells: SweepCell[] })[]
  host: SweepHost
}

/** Test support: a host whose benches end as `outcomeOf` says, each step a turn of the event loop long. */
export function traceHost(
  outcomeOf: (run: PlannedRun, isAgain: boolean) => RowStatus | Partial<Row> | Awaited<ReturnType<SweepHost['bench']>>,
): SweepTrace {
  const trace: Omit<SweepTrace, 'host'> = { asked: [], told: [] }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const host: SweepHost = {
    async bench(run, isAgain) {
      trace.asked.push(`${isAgain ? 'again ' : ''}${run.variant} ${run.shape.n}`)
      await turn()
      const outcome = outcomeOf(run, isAgain)
      trace.asked.push('.')
      if (typeof outcome !== 'string' && 'ok' in outcome) return outcome
      const patch = typeof outcome === 'string' ? { status: outcome } : outcome
      return ok({ row: rowOf(run, patch), phaseNs: { measure: 5, verify: 2 } })
    },
    async prepare(runs) {
      trace.asked.push(`prepare ${runs.map(({ variant }) => variant).join(' ')}`)
      await turn()
      trace.asked.push('.')
    },
    changed: (change) => trace.told.push(structuredClone(change)),
    now: () => Date.now(),
  }
  return { ...trace, host }
}

/** Test support: a sweep over a matrix. */
export function sweepOver(planned: PlannedMatrix, trace: SweepTrace, known: SweepStart['known'] = new Map()): Sweep {
  const options = sweepOptionsSchema.parse({ device: 'null' })
  return new Sweep({ sweepId: 'one', startedAt: new Date().toISOString(), options, planned, known }, trace.host)
}
