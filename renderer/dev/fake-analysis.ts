import { type AnalysedLine, type AnalysisReport, type Finding, lineCountsSchema } from '#contract/analysis.ts'
import { analysisOptionsSchema } from '#contract/ipc/run-options.ts'
import { fakeHash } from './fake-compile.ts'
import { fakeNodes } from './fake-files.ts'
import { noise } from './noise.ts'

const documents: Record<string, string> = { 'm1_optimized/': 'm1', 'sgemm/naive': 'naive', 'sgemm/tiled': 'tiled' }

/** Counters of the lines that look as if they did something; a line with `race` in it races with the one after it. */
export function fakeAnalysis(input: unknown, texts: ReadonlyMap<string, string>): AnalysisReport {
  const { target, shape, device, data, seed, checks, schedules } = analysisOptionsSchema.parse(input)
  const variant = target.kind === 'variant' ? target.id : `${target.documentId}:${target.entry}`
  const known = Object.entries(documents).find(([prefix]) => variant.startsWith(prefix))?.[1]
  const documentId = target.kind === 'entry' ? target.documentId : (known ?? 'm1')
  const file = fakeNodes.find(({ id }) => id === documentId)?.path ?? ''
  const text = target.text ?? texts.get(documentId) ?? ''
  const source = text.split('\n')
  const random = noise(seed)
  const lines = source.flatMap((line, i) => fakeLine(line, { file, line: i + 1 }, random))
  const total = lineCountsSchema.parse(
    lines.reduce<Record<string, number>>((sums, { file: _file, line: _line, simdgroupOpKinds: _kinds, ...counts }) => {
      for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
      return sums
    }, {}),
  )
  return {
    findings: source.flatMap((line, i) => (/\brace\b/.test(line) ? [fakeRace(file, i + 1)] : [])),
    omitted: 0,
    code: 'c0de',
    counters: { lines, total },
    orderDependence: [],
    variant,
    entry: variant.split(/[/:]/).at(-1) ?? '',
    device,
    shape,
    data,
    seed,
    checks,
    schedules,
    grid: [224, 1, 1],
    gridIsThreads: false,
    threads: [32, 4, 1],
    minimumBytes: 2 * (shape.m * shape.k + shape.k * shape.n + shape.m * shape.n),
    files: [file],
    sourceHash: fakeHash(text),
    compiler: 'clang 22.1.0',
    labVersion: '0.1.0',
    startedAt: '2026-11-22T12:00:00.000Z',
    wallNs: 412e6,
  }
}

function fakeLine(text: string, place: { file: string; line: number }, random: () => number): AnalysedLine[] {
  if (/^\s*(\/\/|#|constant|kernel|template|using|device|uint|half|float\s+\w+\s*=|static|\[\[|[{})])|^\s*$/.test(text))
    return []
  const executions = Math.round(200 + 6000 * random())
  const isDevice = /\[[^\]]+\]/.test(text)
  const isMatrix = /simdgroup_|simd_/.test(text)
  const lines = 1 + Math.round(random() * (isDevice ? 15 : 0))
  const counts = lineCountsSchema.parse({
    executions,
    laneSlots: executions * 32,
    activeLanes: Math.round(executions * 32 * (1 - 0.4 * random() ** 3)),
    ...(isDevice
      ? {
          deviceReadBytes: executions * 128,
          deviceReadLines: executions * lines,
          deviceIdealLines: executions,
          deviceAccesses: executions,
          flopsF32: executions * 64,
        }
      : {}),
    ...(isMatrix ? { simdgroupOps: executions, simdgroupOpKinds: { simd_sum: executions } } : {}),
    ...(/for|if/.test(text) ? { branches: executions, divergentBranches: Math.round(executions * 0.02) } : {}),
  })
  return [{ ...counts, ...place }]
}

const fakeRace = (file: string, line: number): Finding => ({
  kind: 'race',
  file,
  line,
  otherLine: line + 1,
  access: 'write',
  bufferName: 'As',
  space: 'threadgroup',
  offset: 128,
  bytes: 4,
  thread: [0, 1, 0],
  otherThread: [1, 1, 0],
  threadgroup: [0, 0, 0],
  count: 126_976,
  message:
    'write of 4 bytes at offset 128 of As while another thread reads them: no barrier lies between the two accesses',
})
