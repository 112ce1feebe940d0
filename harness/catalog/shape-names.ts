import type { Shape } from '#contract/shape.ts'
import { elementBytes } from './scalar-bytes.ts'
import type { OperandBytes } from './types.ts'

/**
 * The names a formula may use about a shape. Leading dimensions and strides are of the layouts handed over, in
 * elements; `isBTransposed` overrides the shape's tB where a variant wants B in one layout whatever the shape says.
 */
export function shapeNames(shape: Shape, isBTransposed = shape.tB): Record<string, number> {
  const { m, n, k } = shape
  return {
    m,
    n,
    k,
    batch: shape.batch,
    tA: +shape.tA,
    tB: +isBTransposed,
    bias: +shape.bias,
    alpha: shape.alpha,
    beta: shape.beta,
    accumulate: +shape.accumulate,
    lda: shape.tA ? m : k,
    ldb: isBTransposed ? k : n,
    ldc: n,
    strideA: m * k,
    strideB: k * n,
    strideC: m * n,
  }
}

/** Bytes of each operand of a shape, all batches; bias is 0 when the shape has none. */
export function operandBytes(shape: Shape): OperandBytes {
  const size = elementBytes(shape.dtype)
  return {
    a: shape.batch * shape.m * shape.k * size,
    b: shape.batch * shape.k * shape.n * size,
    c: shape.batch * shape.m * shape.n * size,
    bias: shape.bias ? shape.n * size : 0,
  }
}
