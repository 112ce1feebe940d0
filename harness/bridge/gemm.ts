import { fail, ok, type Result } from '#contract/error.ts'
import { activations, type Shape } from '#contract/shape.ts'
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
    activation: activations.indexOf(shape.act),
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

// Some tenths of a second of one core: as long as a cancel may wait.
const sliceProducts = 2 ** 28
// The library works on tiles of this many rows.
const tileRows = 32

interface Slice {
  shape: Shape
  /** Which of batch · m rows of A and C the slice begins with. */
  firstRow: number
}

/** Parts of a matmul that lie contiguously in A and C: whole products of the batch, or rows of one of them. */
function slicesOf(shape: Shape): Slice[] {
  const { m, n, k, batch, tA } = shape
  const rowProducts = n * k
  if (m * rowProducts * batch <= sliceProducts) return [{ shape, firstRow: 0 }]
  const rows = tA ? m : Math.min(m, Math.max(tileRows, Math.floor(sliceProducts / rowProducts / tileRows) * tileRows))
  return Array.from({ length: batch }, (_, b) =>
    Array.from({ length: Math.ceil(m / rows) }, (_, i) => ({
      shape: { ...shape, batch: 1, m: Math.min(rows, m - i * rows) },
      firstRow: b * m + i * rows,
    })),
  ).flat()
}

function bytesOf(view: ArrayBufferView, offset: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, length)
}

interface Part extends Slice {
  operands: GemmOperands
  truth: GemmTruth
}

async function computePart(library: NativeLibrary, part: Part): Promise<Result<void>> {
  const { shape, firstRow, operands, truth } = part
  const { m, n, k, batch } = shape
  const elementBytes = shape.dtype === 'f32' ? 4 : 2
  const product = Math.floor(firstRow / operands.shape.m)
  const rows = batch * m
  const arena = new Arena()
  const error = arena.out('klab_error')
  const { a, b, bias, c0 } = operands
  const memories = [
    bytesOf(a, firstRow * k * elementBytes, rows * k * elementBytes),
    bytesOf(b, product * n * k * elementBytes, batch * n * k * elementBytes),
    bias,
    c0 && bytesOf(c0, firstRow * n * elementBytes, rows * n * elementBytes),
    truth.c.subarray(firstRow * n, (firstRow + rows) * n),
    truth.magnitude.subarray(firstRow * n, (firstRow + rows) * n),
  ]
  const status = await library.statusAsync(
    'klab_reference_gemm',
    arena,
    arena.struct('klab_gemm_desc', describeGemm(shape)),
    ...memories.map((memory) => arena.borrow(memory)),
    error.address,
  )
  return status === 0 ? ok(undefined) : library.failure(status, error.read().message)
}

/**
 * Computes the truth on a worker thread, in parts, so that aborting `signal` ends it soon: as `cancelled`. Operands of the
 * wrong size are refused: the library cannot see their length.
 */
export async function referenceGemm(
  library: NativeLibrary,
  operands: GemmOperands,
  signal?: AbortSignal,
): Promise<Result<GemmTruth>> {
  const { shape, a, b, bias, c0 } = operands
  const elementBytes = shape.dtype === 'f32' ? 4 : 2
  const { m, n, k, batch } = shape
  const expected: [string, ArrayBufferView | undefined, number][] = [
    ['A', a, batch * m * k],
    ['B', b, batch * k * n],
    ['bias', bias, shape.bias ? n : -1],
    ['C0', c0, describeGemm(shape).beta !== 0 ? batch * m * n : -1],
  ]
  for (const [name, memory, elements] of expected) {
    const bytes = memory?.byteLength ?? 0
    if (elements >= 0 && bytes !== elements * elementBytes) {
      return library.failure(1, `operand ${name} has ${bytes} bytes, the shape needs ${elements * elementBytes}`)
    }
  }
  const truth = { c: new Float64Array(batch * m * n), magnitude: new Float64Array(batch * m * n) }
  for (const slice of slicesOf(shape)) {
    if (signal?.aborted) return fail({ kind: 'cancelled', message: 'cancelled' })
    const computed = await computePart(library, { ...slice, operands, truth })
    if (!computed.ok) return computed
  }
  return ok(truth)
}
