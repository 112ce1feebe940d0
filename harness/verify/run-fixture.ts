import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must, testDevice, testLibrary } from '../bridge/device-fixture.ts'
import { Workspace } from '../catalog/workspace.ts'
import type { RunContext, RunHooks } from './types.ts'

/** Test support: a workspace of its own over the lab's kernels, a device, and hooks that remember. */
export interface RunFixture {
  context: RunContext
  root: string
  manifestPath: string
  hooks: RunHooks & { phases: string[]; cancel(): void; onProgress: ((phase: string, done: number) => void) | null }
  /** Closes the device and removes the workspace. */
  end(): void
}

const supports = {
  transposeA: false,
  transposeB: false,
  smallK: false,
  smallMN: false,
  batch: false,
  bias: false,
  accumulate: false,
}

/** Variants whose flags are all off, whatever has been proven of the lab's own. */
const manifest = {
  m1: [
    {
      name: 'plain',
      library: 'm1_dot_product',
      transposeBOverride: true,
      supports: { ...supports, functionName: 'm1_dot_product' },
    },
    {
      name: 'fused',
      library: 'm1_dot_product',
      transposeBOverride: true,
      supports: { ...supports, functionName: 'm1_dot_product', functionNameBias: 'm1_dot_product_bias' },
    },
  ],
  sgemm: [{ name: 'naive', library: 'sgemm_naive', supports: { ...supports, functionName: 'sgemm_naive' } }],
}

const shapes = `op=matmul | batch=1 | m=1 | n=896 | k=896 | tA=0 | tB=1:
    backend=mps: count=1 | total=1ms | avg=1ms
op=matmul_bias_add | batch=1 | m=1 | n=1152 | k=896 | tA=0 | tB=0 | bias=1:
    backend=mps: count=1 | total=1ms | avg=1ms
`

/** Opens a device over a fresh workspace. */
export function beginFixture(deviceId: string, options?: Record<string, string>): RunFixture {
  const root = mkdtempSync(join(tmpdir(), 'klab-run-'))
  const repository = fileURLToPath(new URL('../../', import.meta.url))
  cpSync(join(repository, 'kernels'), join(root, 'kernels'), { recursive: true })
  mkdirSync(join(root, 'manifests'))
  const manifestPath = join(root, 'manifests', 'variants_enhanced.json')
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`)
  writeFileSync(join(root, 'manifests', 'shapes.txt'), shapes)
  const lib = testLibrary()
  const device = testDevice(lib, deviceId, options)
  const workspace = must(Workspace.open(root))
  const context = { lib, device, workspace, labVersion: 'test', gitCommit: 'unknown', os: 'test' }
  const end = () => {
    device.close()
    rmSync(root, { recursive: true })
  }
  return { context, root, manifestPath, hooks: rememberingHooks(), end }
}

function rememberingHooks(): RunFixture['hooks'] {
  const controller = new AbortController()
  const hooks: RunFixture['hooks'] = {
    phases: [],
    signal: controller.signal,
    onProgress: null,
    cancel: () => controller.abort(),
    progress(phase, done) {
      if (hooks.phases.at(-1) !== phase) hooks.phases.push(phase)
      hooks.onProgress?.(phase, done)
    },
  }
  return hooks
}
