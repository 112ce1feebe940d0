import { afterAll, describe, expect, it } from 'vitest'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { expectValue, shapeOf } from '../catalog/workspace-fixture.ts'
import { inspectDispatch } from './inspect-dispatch.ts'

const library = testLibrary()
const workspace = expectValue(Workspace.open(process.cwd()))

describe.skipIf(whyNoDevice(library, 'cpu'))('inspectDispatch', () => {
  const device = testDevice(library, 'cpu')
  afterAll(() => device.close())

  const inspect = (target: string, query: Parameters<typeof shapeOf>[0], text?: string) => {
    const [id, entry] = target.split('#')
    const kernel = expectValue(resolveTarget(workspace, entry ? `${id}:${entry}` : target))
    const source = text === undefined ? kernel.source : kernel.source + text
    return inspectDispatch({
      kernel: { ...kernel, source },
      shape: { ...shapeOf(query), dtype: kernel.dtype },
      device,
      peaks: null,
    })
  }

  it('says what a launch takes, with what the kernel itself declares', async () => {
    const report = must(await inspect('sgemm/shared_mem_block', { m: 70, n: 100, k: 40 }))
    expect(report.grid.map(({ value }) => value).toSorted()).toEqual([1, 3, 4])
    expect(report).toMatchObject({
      threadgroups: { value: 12 },
      threadsPerGroup: { value: 1024 },
      simdgroupsPerGroup: { value: 32 },
      emptyLanes: { value: 0 },
      totalThreads: { value: 12 * 1024 },
      build: { isOk: true },
      // Two blocks of 32 × 32 floats.
      threadgroupBytes: { declared: 2 * 32 * 32 * 4, limit: device.info.maxThreadgroupBytes },
      flops: { value: 2 * 70 * 100 * 40 },
      compulsoryBytes: { value: 4 * (70 * 40 + 40 * 100 + 70 * 100) },
      problems: [],
    })
    expect(report.bindings.map(({ value }) => value)).toContain('40')
  })

  it('is refused as a bench is where the launch excludes the shape', async () => {
    const refused = await inspect('kernels/m1_dot_product.metal#m1_dot_product', { m: 1, n: 896, k: 896 })
    expect(refused).toMatchObject({ ok: false, error: { kind: 'unsupported' } })
  })

  it('still plans a kernel that does not compile, and says why there is no build', async () => {
    const report = must(await inspect('sgemm/shared_mem_block', { m: 64, n: 64, k: 64 }, '\nkernel void broken( {'))
    expect(report).toMatchObject({ threadgroups: { value: 4 }, build: { isOk: false, error: { kind: 'compile' } } })
    expect(report.threadgroupBytes.declared).toBeNull()
  })
})
