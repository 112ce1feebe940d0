import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sweepOptionsSchema } from '#contract/sweep.ts'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { DeviceHandle } from '../bridge/device-handle.ts'
import { ModuleHandle } from '../bridge/module-handle.ts'
import { OpHandle } from '../bridge/op-handle.ts'
import { makeFolder, supportsAll } from '../catalog/workspace-fixture.ts'
import { HostContext } from './context.ts'
import type { FromHost } from './messages.ts'
import { createHandlers } from './service.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

interface Interval {
  what: 'compile' | 'time'
  begin: number
  end: number
}

/** Every call of the bridge that compiles, and every one that runs a kernel, with when it was under way. */
function watchBridge(): { intervals: Interval[]; unsettledRuns: () => number } {
  const intervals: Interval[] = []
  let unsettled = 0
  const around = async <T>(what: Interval['what'], work: () => Promise<T>): Promise<T> => {
    const begin = performance.now()
    const value = await work()
    intervals.push({ what, begin, end: performance.now() })
    return value
  }
  const { run, createModule } = DeviceHandle.prototype
  const { createOp } = ModuleHandle.prototype
  const { settle } = OpHandle.prototype
  vi.spyOn(DeviceHandle.prototype, 'run').mockImplementation(function (this: DeviceHandle, request) {
    const ops = request.arms.flatMap(({ sets }) => sets.flat().map(({ op }) => op))
    if (ops.some(({ info }) => !info.isSettled)) unsettled++
    return around('time', () => run.call(this, request))
  })
  vi.spyOn(DeviceHandle.prototype, 'createModule').mockImplementation(function (this: DeviceHandle, request) {
    return around('compile', () => createModule.call(this, request))
  })
  vi.spyOn(ModuleHandle.prototype, 'createOp').mockImplementation(function (this: ModuleHandle, request) {
    return around('compile', () => createOp.call(this, request))
  })
  vi.spyOn(OpHandle.prototype, 'settle').mockImplementation(function (this: OpHandle, timeoutNs) {
    return around('compile', () => settle.call(this, timeoutNs))
  })
  return { intervals, unsettledRuns: () => unsettled }
}

const launch = {
  ...{ dtype: 'f32', gridThreads: ['n', 'm', 'batch'], threads: [8, 1, 1] },
  args: [...['A', 'B', 'C', 'N', 'K'].map((role, index) => ({ index, role }))],
}

/** No two are alike, and none is like that of an earlier run of this test: they all have to be compiled. */
const source = () => `// ${randomUUID()}
kernel void f(device const float* a [[buffer(0)]], device const float* b [[buffer(1)]], device float* c [[buffer(2)]],
              constant uint& n [[buffer(3)]], constant uint& k [[buffer(4)]], uint2 at [[thread_position_in_grid]]) {
  float sum = 0;
  for (uint i = 0; i < k; ++i) sum += a[at.y * k + i] * b[i * n + at.x];
  c[at.y * n + at.x] = sum;
}
`

function openHost() {
  const names = ['one', 'two', 'three', 'four']
  const workspaceRoot = makeFolder({
    'shapes.csv': 'op,batch,m,n,k,tA,tB\nmatmul,1,4,24,8,0,0\nmatmul,1,2,16,9,0,0\n',
    'variants_enhanced.json': JSON.stringify({
      mine: names.map((name) => ({ name, library: name, launch, supports: supportsAll() })),
    }),
    ...Object.fromEntries(names.map((name) => [`${name}.metal`, source()])),
  })
  process.env.XDG_STATE_HOME = makeFolder()
  const { promise, resolve } = Promise.withResolvers<Extract<FromHost, { name: 'sweep.changed' }>['payload']>()
  const context = new HostContext({ workspaceRoot, deviceOptions: {}, crashReportPath: '' }, (message) => {
    if (message.kind !== 'event' || message.name !== 'sweep.changed') return
    if (message.payload.state === 'finished') resolve(message.payload)
  })
  return { handlers: createHandlers(context), finished: promise }
}

afterEach(() => vi.restoreAllMocks())

describe.skipIf(whyNoCpu)('what a sweep compiles ahead', () => {
  it('is compiled several at once, and never while a kernel runs', { timeout: 120_000 }, async () => {
    const { intervals, unsettledRuns } = watchBridge()
    const { handlers, finished } = openHost()
    await handlers['sweep.start'](sweepOptionsSchema.parse({ device: 'cpu' }))
    expect((await finished).counts).toMatchObject({ pairs: 8, measured: 8, right: 8 })
    const compiling = intervals.filter(({ what }) => what === 'compile')
    const timing = intervals.filter(({ what }) => what === 'time')
    const meet = (a: Interval, b: Interval) => a !== b && a.begin < b.end && b.begin < a.end
    expect(timing.length).toBeGreaterThan(8 * 4)
    expect(compiling.some((one) => compiling.some((other) => meet(one, other)))).toBe(true)
    expect(timing.filter((run) => compiling.some((one) => meet(run, one)))).toEqual([])
    // Nor does a build go on in the background, where no call would show it.
    expect(unsettledRuns()).toBe(0)
  })
})
