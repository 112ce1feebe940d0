import type { Shape } from '#contract/shape.ts'
import { launchBindingFor, planLaunch } from './plan-launch.ts'
import type { LaunchPlan, ResolvedKernel, RowPadding } from './types.ts'

const none: RowPadding = { a: 0, b: 0, c: 0 }

const bytesOf = ({ args }: LaunchPlan) => JSON.stringify(args.map((arg) => ('bytes' in arg ? [...arg.bytes] : null)))

const strides = { a: 'strideA', b: 'strideB', c: 'strideC' }

/** Whether a launch hands a name over, by itself or in a derived one. */
function mentions(kernel: ResolvedKernel, shape: Shape, name: string): boolean {
  const { args, derived } = launchBindingFor(kernel, shape).launch
  return new RegExp(`\\b${name}\\b`).test(JSON.stringify([args, derived]))
}

/**
 * How far apart rows may lie for a kernel on a shape: `wanted`, for each operand whose leading dimension the launch hands
 * over, 0 for the others, whose kernel can only take its rows to follow each other. Null when the launch hands over none.
 * A launch hands over what changes the bytes of its arguments: a constant alone does not tell a kernel where a row begins.
 * With a batch it must hand over the stride too, else the kernel works that out from the extents.
 */
export function paddingFor(kernel: ResolvedKernel, shape: Shape, wanted: RowPadding): RowPadding | null {
  if (kernel.usesDeviceBaseline) return null
  const tight = planLaunch(kernel, shape)
  if (!tight.ok) return null
  const before = bytesOf(tight.value)
  const taken = { ...none }
  for (const operand of ['a', 'b', 'c'] as const) {
    if (shape.batch > 1 && !mentions(kernel, shape, strides[operand])) continue
    const plan = planLaunch(kernel, shape, { ...none, [operand]: wanted[operand] })
    if (plan.ok && bytesOf(plan.value) !== before) taken[operand] = wanted[operand]
  }
  return taken.a + taken.b + taken.c > 0 ? taken : null
}
