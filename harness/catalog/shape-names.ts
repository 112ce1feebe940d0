import { activations, type Shape } from '#contract/shape.ts'
import { elementBytes } from './scalar-bytes.ts'
import type { OperandBytes, RowPadding } from './types.ts'

/**
 * The names a formula may use about a shape. Leading dimensions and strides are of the layouts handed over, in
 * elements; `isBTransposed` overrides the shape's tB where a variant wants B in one layout whatever the shape says.
 * With `padding` rows lie further apart, and so do batches.
 */
export function shapeNames(
  shape: Shape,
  isBTransposed = shape.tB,
  padding: RowPadding = { a: 0, b: 0, c: 0 },
): Record<string, number> {
  const { m, n, k } = shape
  const a = shape.tA ? { rows: k, columns: m } : { rows: m, columns: k }
  const b = isBTransposed ? { rows: n, columns: k } : { rows: k, columns: n }
  const lda = a.columns + padding.a
  const ldb = b.columns + padding.b
  const ldc = n + padding.c
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
    act: activations.indexOf(shape.act),
    lda,
    ldb,
    ldc,
    strideA: a.rows * lda,
    strideB: b.rows * ldb,
    strideC: m * ldc,
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
