import { type Shape, shapeSchema } from '#contract/shape.ts'
import type { ShapeDraft } from '../state/selection-slice.ts'

export type DraftErrors = Partial<Record<keyof ShapeDraft, string>>
export type ParsedDraft = { ok: true; shape: Shape } | { ok: false; errors: DraftErrors }

const extents = ['m', 'n', 'k', 'batch'] as const
const factors = ['alpha', 'beta'] as const
const maxExtent = 2 ** 31 - 1

/** The shape that was typed, or what is wrong with each field. */
export function parseDraft(draft: ShapeDraft): ParsedDraft {
  const errors: DraftErrors = {}
  for (const name of extents) {
    const problem = extentProblem(name, draft[name])
    if (problem) errors[name] = problem
  }
  for (const name of factors) {
    if (draft[name].trim() === '' || !Number.isFinite(Number(draft[name]))) errors[name] = `${name} is not a number`
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const { tA, tB, bias, accumulate, act, dtype } = draft
  const [m, n, k, batch] = extents.map((name) => Number(draft[name]))
  const [alpha, beta] = factors.map((name) => Number(draft[name]))
  const parsed = shapeSchema.safeParse({ m, n, k, batch, alpha, beta, tA, tB, bias, accumulate, act, dtype })
  return parsed.success
    ? { ok: true, shape: parsed.data }
    : { ok: false, errors: { m: parsed.error.issues[0]?.message ?? 'not a shape' } }
}

function extentProblem(name: string, text: string): string | null {
  if (!/^\d+$/.test(text.trim())) return `${name} must be a whole number`
  const value = Number(text)
  if (value < 1) return `${name} must be at least 1`
  return value > maxExtent ? `${name} must be at most ${maxExtent}` : null
}

const elementBytes = { f16: 2, bf16: 2, f32: 4 } as const

/** Bytes of all operands, and floating-point operations of one product. */
export function shapeCost(shape: Shape): { bytes: number; flops: number } {
  const { m, n, k, batch } = shape
  const elements = batch * (m * k + k * n + m * n) + (shape.bias ? n : 0)
  return { bytes: elements * elementBytes[shape.dtype], flops: 2 * batch * m * n * k }
}
