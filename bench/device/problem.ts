import { ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import { referenceGemm } from '#harness/bridge/gemm.ts'
import type { NativeLibrary } from '#harness/bridge/native-library.ts'
import { decodeElements, type Elements } from '#harness/verify/float-formats.ts'
import type { Truth } from '#harness/verify/judge-output.ts'
import { createOperands } from '#harness/verify/operands.ts'
import type { Case } from './cases.ts'

/** Operands of a case, uniform in [-1, 1), with the float64 truth of every output. */
export interface Problem {
  shape: Shape
  a: Elements
  b: Elements
  truth: Truth
}

const seed = 20_261

function shapeOf({ family, m, n, k, dtype }: Case): Shape {
  const plain = { batch: 1, tA: false, bias: false, alpha: 1, beta: 0, accumulate: false, act: 'none' } as const
  return { ...plain, m, n, k, dtype, tB: family === 'gemv' }
}

/** Makes the operands and computes the truth. */
export async function problemOf(library: NativeLibrary, one: Case): Promise<Result<Problem>> {
  const shape = shapeOf(one)
  const { a, b } = await createOperands(shape, { data: 'random', seed })
  const truth = await referenceGemm(library, { shape, a, b })
  return truth.ok ? ok({ shape, a, b, truth: truth.value }) : truth
}

/** The same numbers in float: the truth stays, the bound becomes float's. */
export function inFloat({ shape, a, b, truth }: Problem): Problem {
  const { dtype } = shape
  return { shape: { ...shape, dtype: 'f32' }, a: decodeElements(dtype, a), b: decodeElements(dtype, b), truth }
}
