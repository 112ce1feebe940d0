import { type Row, rowSchema } from './row.ts'
import { shapeSchema } from './shape.ts'

/** Test support: a row that was measured without times; a patch gives it what a test is about. */
export function rowSample(patch: Partial<Row> = {}): Row {
  const identity = {
    ...{ sourceHash: 'aa11aa11', entryHash: 'e', compiler: 'clang', flags: '-O3', mathMode: 'fast', device: 'd' },
    ...{ driver: 'v', os: 'o', labVersion: '1', gitCommit: '', dtype: 'f16', seed: 1, data: 'random', mode: 'single' },
    ...{ cache: 'warm', tier: 'loop', power: 'unknown' },
  } as const
  return rowSchema.parse({
    ...{
      id: 'row-1',
      variant: 'm1/dot',
      shape: shapeSchema.parse({ m: 1, n: 64, k: 64 }),
      device: 'cpu',
      status: 'ok',
    },
    ...{ baseline: { name: 'blas' }, identity, claim: 'claimed', startedAt: '2026-11-23T07:00:00.000Z', wallNs: 1e9 },
    ...{ isCached: false },
    ...patch,
  })
}
