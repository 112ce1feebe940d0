import { expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { openFixture, putFile } from '../catalog/workspace-fixture.ts'
import { SourceStore } from '../store/source-store.ts'
import { rowOf } from '../sweep/sweep-fixture.ts'
import { keepSource } from './row-sources.ts'

const kernel = '#include "common.h"\nkernel void f(device float* c [[buffer(0)]]) { c[0] = N; }\n'
const launch = {
  args: [{ index: 0, role: 'C' }],
  threadgroups: [1, 1, 1],
  threads: [1, 1, 1],
  params: {},
  dtype: 'f32',
  supports: {},
}

function opened() {
  const workspace = openFixture({
    'kernels/k.metal': kernel,
    'kernels/common.h': '#define N 1\n',
    'kernels/k.launch.json': JSON.stringify({ launches: { plain: launch }, entries: { f: { launch: 'plain' } } }),
  })
  return { workspace, store: new SourceStore(workspace.stateFolder) }
}
function rowOfSource(sourceHash: string) {
  const row = rowOf({ variant: 'kernels/k.metal:f', shape: shapeSchema.parse({ m: 1, n: 1, k: 1 }) })
  return { ...row, identity: { ...row.identity, sourceHash } }
}

it('keeps the file and what it includes of the workspace, under the hash that the row has', () => {
  const { workspace, store } = opened()
  const target = 'kernels/k.metal:f'
  const resolved = resolveTarget(workspace, target)
  if (!resolved.ok) throw new Error(resolved.error.message)
  const { sourceHash } = resolved.value
  keepSource(store, workspace, { row: rowOfSource(sourceHash), target })
  expect(store.find([sourceHash])).toEqual([
    {
      hash: sourceHash,
      files: [
        { name: 'kernels/k.metal', text: kernel },
        { name: 'kernels/common.h', text: '#define N 1\n' },
      ],
    },
  ])
})

it('takes no text for a row that was compiled from another', () => {
  const { workspace, store } = opened()
  const target = 'kernels/k.metal:f'
  const resolved = resolveTarget(workspace, target)
  if (!resolved.ok) throw new Error(resolved.error.message)
  putFile(workspace.root, 'kernels/common.h', '#define N 2\n')
  keepSource(store, workspace, { row: rowOfSource(resolved.value.sourceHash), target })
  expect(store.find([resolved.value.sourceHash])).toEqual([])
  keepSource(store, workspace, { row: rowOfSource(''), target })
})
