import { ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import { Arena } from './arena.ts'
import type { StructValues } from './layout.ts'
import type { NativeLibrary } from './native-library.ts'
import { scalarCodes } from './scalar.ts'

/** A shape as the native descriptor. Accumulation is the kernel's affair: to the arithmetic it is beta = 1. */
export function describeGemm(shape: Shape): Partial<StructValues<'klab_gemm_desc'>> {
  return {
    dtype: scalarCodes[shape.dtype],
    m: shape.m,
    n: shape.n,
    k: shape.k,
    batch: shape.batch,
    transpose_a: shape.tA ? 1 : 0,
    transpose_b: shape.tB ? 1 : 0,
    has_bias: shape.bias ? 1 : 0,
    alpha: shape.alpha,
    beta: shape.accumulate && shape.beta === 0 ? 1 : shape.beta,
  }
}

/** Operands in the shape's element type, row-major and dense. */
export interface GemmOperands {
  shape: Shape
  a: ArrayBufferView
  b: ArrayBufferView
  bias?: ArrayBufferView
  c0?: ArrayBufferView
}

/** Float64 truth of a matmul, batch·m·n values, and the magnitude that scales the derived error bound. */
export interface GemmTruth {
  c: Float64Array
  magnitude: Float64Array
}

/** Computes the truth on a worker thread. Operands of the wrong size are refused: the library cannot see their length. */
export async function referenceGemm(library: NativeLibrary, operands: GemmOperands): Promise<Result<GemmTruth>> {
  const { shape, a, b, bias, c0 } = operands
  const elementBytes = shape.dtype === 'f32' ? 4 : 2
  const { m, n, k, batch } = shape
  const desc = describeGemm(shape)
  const expected: [string, ArrayBufferView | undefined, number][] = [
    ['A', a, batch * m * k],
    ['B', b, batch * k * n],
    ['bias', bias, shape.bias ? n : -1],
    ['C0', c0, desc.beta !== 0 ? batch * m * n : -1],
  ]
  for (const [name, memory, elements] of expected) {
    const bytes = memory?.byteLength ?? 0
    if (elements >= 0 && bytes !== elements * elementBytes) {
      return library.failure(1, `operand ${name} has ${bytes} bytes, the shape needs ${elements * elementBytes}`)
    }
  }
  const arena = new Arena()
  const c = new Float64Array(batch * m * n)
  const magnitude = new Float64Array(batch * m * n)
  const error = arena.out('klab_error')
  const pointers = [a, b, bias, c0, c, magnitude].map((memory) => arena.borrow(memory))
  const status = await library.statusAsync(
    'klab_reference_gemm',
    arena,
    arena.struct('klab_gemm_desc', desc),
    ...pointers,
    error.address,
  )
  return status === 0 ? ok({ c, magnitude }) : library.failure(status, error.read().message)
}
