import {
  type AnalysedLine,
  type AnalysisDocument,
  type AnalysisReport,
  analysisReportSchema,
  type Finding,
  lineCountsSchema,
} from '#contract/analysis.ts'

/** Test support: a race between lines 11 and 14 of a kernel. */
export function raceFinding(patch: Partial<Finding> = {}): Finding {
  return {
    kind: 'race',
    file: 'kernels/tile.metal',
    line: 14,
    otherLine: 11,
    access: 'read',
    bufferName: 'As',
    space: 'threadgroup',
    offset: 128,
    bytes: 4,
    thread: [1, 0, 0],
    otherThread: [0, 1, 0],
    threadgroup: [2, 0, 0],
    count: 126_976,
    message: 'read of As at offset 128, which another thread writes without a barrier between',
    ...patch,
  }
}

/** Test support: a line with the counters given, all others 0. */
export function analysedLine(patch: Partial<AnalysedLine> = {}): AnalysedLine {
  return { ...lineCountsSchema.parse({}), file: 'kernels/tile.metal', line: 11, ...patch }
}

/** Test support: a document with the findings given. */
export function analysisDocument(findings: Finding[], omitted = 0): AnalysisDocument {
  return { findings, omitted, code: 'c0de', counters: { lines: [], total: lineCountsSchema.parse({}) } }
}

/** Test support: a clean report on one line of a kernel. */
export function analysisReport(patch: Partial<AnalysisReport> = {}): AnalysisReport {
  const counts = { executions: 64, laneSlots: 2048, activeLanes: 2048, flopsF32: 4096 }
  const line = analysedLine({
    ...counts,
    deviceReadBytes: 8192,
    deviceReadLines: 1056,
    deviceIdealLines: 64,
    deviceAccesses: 64,
  })
  const { file: _file, line: _line, ...total } = line
  return analysisReportSchema.parse({
    findings: [],
    code: 'c0de',
    counters: { lines: [line], total },
    variant: 'sgemm/tile',
    entry: 'tile',
    device: 'cpu',
    shape: { m: 32, n: 32, k: 32, dtype: 'f32' },
    data: 'random',
    seed: 1,
    checks: ['bounds', 'races', 'uninitialised', 'barriers', 'counters'],
    schedules: 1,
    grid: [1, 1, 1],
    gridIsThreads: false,
    threads: [32, 32, 1],
    minimumBytes: 12_288,
    orderDependence: [],
    files: ['kernels/tile.metal'],
    sourceHash: 'abc',
    compiler: 'clang 22',
    labVersion: '0.1.0',
    startedAt: '2026-11-22T12:00:00.000Z',
    wallNs: 5e8,
    ...patch,
  })
}
