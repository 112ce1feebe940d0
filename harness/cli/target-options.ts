import { fail, ok, type Result } from '#contract/error.ts'
import { type DataMode, dataModeSchema } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { parseShape } from '../catalog/shape-text.ts'
import { Workspace } from '../catalog/workspace.ts'
import { type Invocation, listOf, textOf } from './command.ts'

/** Options that say what to run on what. */
export const targetOptions = {
  variant: { type: 'string' },
  shape: { type: 'string', multiple: true },
  data: { type: 'string' },
  seed: { type: 'string' },
} as const

export const targetUsage =
  '(--variant BACKEND/NAME | FILE:ENTRY) --shape m=1,n=896,k=896,tB=1[,…] [--data random|legacy|pm1] [--seed S]'

/** What to run, checked as far as that is possible without a device. */
export interface TargetOptions {
  target: string
  shapes: Shape[]
  data: DataMode
  seed: number
}

const invalid = (message: string) => fail({ kind: 'invalid', message })

/** Reads the options; `not-found` for a kernel that does not exist, `invalid` for a shape of another element type. */
export function readTargetOptions(invocation: Invocation): Result<TargetOptions> {
  const named = textOf(invocation, 'variant')
  const target = named ?? invocation.positionals[0]
  if (target === undefined) return invalid('say what to run: --variant BACKEND/NAME, or FILE:ENTRY')
  const extra = invocation.positionals[named === undefined ? 1 : 0]
  if (extra !== undefined) return invalid(`unexpected argument "${extra}"`)
  const data = dataModeSchema.safeParse(textOf(invocation, 'data') ?? 'random')
  if (!data.success) return invalid(`--data must be one of ${dataModeSchema.options.join(', ')}`)
  const seed = Number(textOf(invocation, 'seed') ?? 1)
  if (!Number.isSafeInteger(seed)) return invalid('--seed must be a whole number')
  const shapes = readShapes(invocation, target)
  return shapes.ok ? ok({ target, shapes: shapes.value, data: data.data, seed }) : shapes
}

function readShapes(invocation: Invocation, target: string): Result<Shape[]> {
  const texts = listOf(invocation, 'shape')
  if (texts.length === 0) return invalid('say on which shape: --shape m=1,n=896,k=896,tB=1')
  const workspace = Workspace.open(invocation.workspaceRoot)
  if (!workspace.ok) return workspace
  const kernel = resolveTarget(workspace.value, target, { mayBeOutside: true })
  if (!kernel.ok) return kernel
  const shapes: Shape[] = []
  for (const text of texts) {
    const shape = parseShape(text)
    if (!shape.ok) return shape
    const { dtype } = kernel.value
    if (/\bdtype=/.test(text) && shape.value.dtype !== dtype) {
      return invalid(`the shape says dtype=${shape.value.dtype}, but ${kernel.value.id} is a kernel of ${dtype}`)
    }
    shapes.push({ ...shape.value, dtype })
  }
  return ok(shapes)
}
