import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventPayload } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { isSweepActive } from '#contract/sweep.ts'
import { Workspace } from '../catalog/workspace.ts'
import { supportsAll } from '../catalog/workspace-fixture.ts'
import { RowStore } from '../store/row-store.ts'
import { Supervisor } from './supervisor.ts'

const launch = {
  ...{ dtype: 'f16', threadgroups: ['n', 1, 1], threads: [32, 1, 1] },
  args: ['A', 'B', 'C'].map((role, index) => ({ index, role })),
}

const source = `kernel void f(device half* a [[buffer(0)]], device half* b [[buffer(1)]], device half* c [[buffer(2)]]) {
  c[0] = a[0] * b[0];
}
`

export type SweepChange = EventPayload<'sweep.changed'>

/** Test support: a workspace of two kernels and many shapes, whose rows go to a folder of the test. */
export interface SweepLab {
  root: string
  lab(options?: Record<string, string>): Supervisor
  /** Changes a kernel. */
  edit(library: string): void
  /** Takes a variant out of the manifest. */
  drop(name: string): void
  /** Rows kept, oldest first. */
  kept(): Row[]
  end(): Promise<void>
}

/** Test support: makes the workspace; `shapes` is how many. */
export function beginSweepLab(shapes: number): SweepLab {
  const folder = mkdtempSync(join(tmpdir(), 'klab-sweep-'))
  const root = join(folder, 'workspace')
  mkdirSync(root)
  const lines = Array.from({ length: shapes }, (_, at) => `matmul,1,2,${at + 1},3,0,0`)
  writeFileSync(join(root, 'shapes.csv'), `op,batch,m,n,k,tA,tB\n${lines.join('\n')}\n`)
  const variant = (name: string) => ({ name, library: name, launch, supports: supportsAll() })
  const writeManifest = (names: string[]) => {
    // At once: a host that reads it meanwhile must find the old text or the new one.
    const written = join(folder, 'written.json')
    writeFileSync(written, JSON.stringify({ mine: names.map(variant) }))
    renameSync(written, join(root, 'variants_enhanced.json'))
  }
  const names = ['one', 'two']
  writeManifest(names)
  for (const name of names) {
    writeFileSync(join(root, `${name}.metal`), source)
  }
  const stateHome = process.env.XDG_STATE_HOME
  process.env.XDG_STATE_HOME = join(folder, 'state')
  const labs: Supervisor[] = []
  return {
    root,
    lab(options) {
      const lab = new Supervisor({ workspaceRoot: root, ...(options ? { deviceOptions: { null: options } } : {}) })
      labs.push(lab)
      return lab
    },
    edit: (library) => appendFileSync(join(root, `${library}.metal`), '// edited\n'),
    drop: (dropped) => writeManifest(names.filter((name) => name !== dropped)),
    kept() {
      const workspace = Workspace.open(root)
      if (!workspace.ok) throw new Error(workspace.error.message)
      return [...new RowStore(workspace.value.stateFolder).newestFirst()].reverse()
    },
    async end() {
      await Promise.all(labs.map((lab) => lab.close()))
      if (stateHome === undefined) delete process.env.XDG_STATE_HOME
      else process.env.XDG_STATE_HOME = stateHome
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Test support: how often each pair stands in rows. */
export function timesKept(rows: readonly Row[]): number[] {
  const counts = new Map<string, number>()
  for (const { variant, shape } of rows) {
    const pair = `${variant} ${formatShape(shape)}`
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  return [...counts.values()]
}

/** Test support: starts a sweep and resolves with its last event; `onChange` sees every one. */
export async function sweepToLast(
  lab: Supervisor,
  options: { isResumed?: boolean; filter?: string[] } = {},
  onChange: (change: SweepChange) => void = () => {},
): Promise<SweepChange> {
  const { promise, resolve } = Promise.withResolvers<SweepChange>()
  lab.on('sweep.changed', (change) => {
    onChange(change)
    if (!isSweepActive(change.state)) resolve(change)
  })
  const started = await lab.request('sweep.start', { device: 'null', ...options })
  if (!started.ok) throw new Error(started.error.message)
  return promise
}
