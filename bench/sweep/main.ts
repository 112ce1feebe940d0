// npm run bench:sweep [-- [--workspace DIR] [FILTER …]]: what a sweep costs beside what it measures. First the lab's own manifest on the cpu
// device, fresh: rows per second and the share of the time in which samples of kernel and baseline are being taken, beside everything else by name. Then matrices
// of growing size on the null device, which takes no time: what the lab itself spends on a pair must not grow with them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EventPayload, RequestInput } from '#contract/ipc.ts'
import { isSweepActive } from '#contract/sweep.ts'
import { createLab, type Supervisor } from '#harness/host/supervisor.ts'

const shareGoal = 0.8

const folder = mkdtempSync(join(tmpdir(), 'klab-bench-sweep-'))
// Rows of this measurement are nobody's results.
process.env.XDG_STATE_HOME = join(folder, 'state')

type Last = EventPayload<'sweep.changed'>

async function sweep(lab: Supervisor, options: RequestInput<'sweep.start'>): Promise<Last> {
  const { promise, resolve } = Promise.withResolvers<Last>()
  const off = lab.on('sweep.changed', (change) => {
    if (!isSweepActive(change.state)) resolve(change)
  })
  const started = await lab.request('sweep.start', options)
  if (!started.ok) throw new Error(started.error.message)
  const last = await promise
  off()
  return last
}

async function measureManifest(workspaceRoot: string, filter: string[]): Promise<void> {
  const lab = createLab({ workspaceRoot })
  try {
    const {
      state,
      reason = '',
      counts,
      elapsedNs,
      measuringNs,
      phaseNs = {},
    } = await sweep(lab, { device: 'cpu', filter })
    const seconds = elapsedNs / 1e9
    const share = measuringNs / elapsedNs
    console.log(`  the manifest on the cpu device: ${state} ${reason}`)
    console.log(
      `    ${counts.measured} rows (${counts.right} right) and ${counts.gaps} gaps in ${seconds.toFixed(1)} s: ${(counts.measured / seconds).toFixed(2)} rows/s`,
    )
    console.log(
      `    ${(100 * share).toFixed(0)} % of the time measuring (goal ${100 * shareGoal} %: ${share >= shareGoal ? 'met' : 'missed'}), ${((elapsedNs - measuringNs) / 1e6 / counts.measured).toFixed(0)} ms a row for everything else`,
    )
    const named = Object.values(phaseNs).reduce((sum, ns) => sum + ns, 0)
    for (const [phase, ns] of [...Object.entries(phaseNs), ['between pairs', elapsedNs - named] as const])
      console.log(
        `      ${phase.padEnd(14)} ${((100 * ns) / elapsedNs).toFixed(1).padStart(5)} %  ${(ns / 1e6 / counts.measured).toFixed(1).padStart(7)} ms a row`,
      )
  } finally {
    await lab.close()
  }
}

const launch = {
  ...{ dtype: 'f16', threadgroups: ['n', 1, 1], threads: [32, 1, 1] },
  args: ['A', 'B', 'C'].map((role, index) => ({ index, role })),
}
const supports = {
  ...{ transposeA: true, transposeB: true, smallK: true, smallMN: true, batch: true, bias: true, accumulate: true },
  functionName: 'f',
}
const source =
  'kernel void f(device half* a [[buffer(0)]], device half* b [[buffer(1)]], device half* c [[buffer(2)]]) {}\n'

/** A workspace of variants × shapes that all pass the rules. */
function makeWorkspace(variants: number, shapes: number): string {
  const root = join(folder, `${variants}x${shapes}`)
  mkdirSync(root)
  const list = Array.from({ length: variants }, (_, at) => ({ name: `v${at}`, library: 'f', launch, supports }))
  const lines = Array.from({ length: shapes }, (_, at) => `matmul,1,2,${at + 1},3,0,0`)
  writeFileSync(join(root, 'f.metal'), source)
  writeFileSync(join(root, 'variants_enhanced.json'), JSON.stringify({ mine: list }))
  writeFileSync(join(root, 'shapes.csv'), `op,batch,m,n,k,tA,tB\n${lines.join('\n')}\n`)
  return root
}

async function measureOverhead(variants: number, shapes: number): Promise<void> {
  const lab = createLab({ workspaceRoot: makeWorkspace(variants, shapes) })
  try {
    const { counts, elapsedNs } = await sweep(lab, { device: 'null' })
    const perPair = elapsedNs / 1e6 / counts.measured
    console.log(`    ${variants} × ${shapes} = ${counts.pairs} pairs: ${perPair.toFixed(2)} ms a pair`)
  } finally {
    await lab.close()
  }
}

try {
  const { values, positionals } = parseArgs({ options: { workspace: { type: 'string' } }, allowPositionals: true })
  await measureManifest(values.workspace ?? new URL('../..', import.meta.url).pathname, positionals)
  console.log('  the lab itself, on the null device:')
  for (const [variants, shapes] of [
    [10, 10],
    [40, 10],
    [80, 20],
    [137, 20],
  ] as const)
    await measureOverhead(variants, shapes)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
