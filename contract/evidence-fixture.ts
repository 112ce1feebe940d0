import type { EvidenceRecord } from './evidence.ts'

/** Test support: a record of a proof that passed every gate, in one build, on a shape that needs bias, smallMN and smallK. */
export function sampleRecord(change: Partial<EvidenceRecord> = {}): EvidenceRecord {
  const shapes = change.shapes ?? ['m=1,n=64,k=8,bias=1']
  const [worstShape = ''] = shapes
  return {
    sourceHash: 's',
    entryHash: 'e',
    compiler: 'clang 22',
    flags: '-O2',
    mathMode: 'fast',
    deviceKind: 'cpu',
    deviceName: 'Test CPU',
    labVersion: '0',
    provenAt: '2026-01-02T03:04:05Z',
    seeds: [1, 2, 3],
    shapes,
    gates: ['bound', 'exact', 'guard', 'poison'].map((gate) => ({
      ...{ gate, runs: 3, worstMargin: gate === 'bound' ? 0.5 : null },
      ...{ worstShape, worstSeed: 1 },
    })),
    sanitizer: { shapes: [worstShape], checks: ['bounds'], schedules: 2 },
    mutants: [{ id: 'x@1:1', operator: 'x', line: 1, change: 'a → b', outcome: 'rejected', gate: 'exact' }],
    ...change,
  }
}
