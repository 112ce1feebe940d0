import { setImmediate } from 'node:timers/promises'
import type { DataMode } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import { allocateElements, type Elements, encoderOf } from './float-formats.ts'
import { LegacyStream } from './legacy-stream.ts'
import { RandomStream } from './random-stream.ts'
import type { Sequences } from './sequences.ts'
import { eachSlice } from './slices.ts'

/**
 * Operands of one shape in the shape's own layouts. `bias` is null when the shape has none. `c0` is what C holds before
 * the run: null when C is not read, except in legacy data, whose logs count an untouched output as its initial value.
 */
export interface Operands {
  shape: Shape
  a: Elements
  b: Elements
  bias: Elements | null
  c0: Elements | null
}

/** What to fill operands with. */
export interface DataRequest {
  data: DataMode
  seed: number
  /** Bias values are this many times as large as the operands: a missing bias must not hide in the product. */
  biasScale?: number
  /** Of random data: A, bias and C0 are this many times as large, a power of two. */
  scale?: number
}

interface FillRequest extends DataRequest {
  sequences?: Sequences | undefined
}

const bStream = 2
const biasStream = 3
const initialStream = 4

/** The shape with the beta that its flags mean: `accumulate` without a beta adds to C once. */
export function effectiveShape(shape: Shape): Shape {
  return shape.accumulate && shape.beta === 0 ? { ...shape, beta: 1 } : shape
}

/** Whether C's old value enters the result. */
export function readsOutput(shape: Shape): boolean {
  return effectiveShape(shape).beta !== 0
}

/**
 * Fills the operands of a shape.
 * - `random`: uniform in [-1, 1), rounded to the type. This and `pm1` repeat after 4 194 301 elements.
 * - `legacy`: the recorded generator in its order A, B (n×k when tB), bias, initial C; the seed is not used.
 * - `pm1`: A, B and C0 from {−1, +1}, bias odd integers up to ±255 in half and float, ±15 in bfloat16, so that every
 *   exact result is an integer and no zero can hide a dropped term.
 * With `sequences`, numbers that were drawn before are shared instead of drawn again: the arrays must not be written to.
 */
export async function createOperands(shape: Shape, request: DataRequest, sequences?: Sequences): Promise<Operands> {
  const counts = elementCounts(shape)
  const fill = fillers[request.data](shape, { ...request, sequences })
  const a = await fill(counts.a, 1)
  const b = await fill(counts.b, bStream)
  const bias = shape.bias ? await fill(counts.bias, biasStream) : null
  const c0 = readsOutput(shape) || request.data === 'legacy' ? await fill(counts.c, initialStream) : null
  return { shape, a, b, bias, c0 }
}

/** Elements of each operand, all batches together; one bias serves every batch. */
export function elementCounts(shape: Shape): { a: number; b: number; c: number; bias: number } {
  const { m, n, k, batch } = shape
  return { a: batch * m * k, b: batch * k * n, c: batch * m * n, bias: shape.bias ? n : 0 }
}

type Fill = (count: number, stream: number) => Promise<Elements>

const fillers: Record<DataMode, (shape: Shape, request: FillRequest) => Fill> = {
  random: (shape, request) => (count, streamIndex) => {
    const own = streamIndex === bStream ? 1 : (request.scale ?? 1)
    const scale = streamIndex === biasStream ? own * (request.biasScale ?? 1) : own
    const begin = () => {
      const stream = new RandomStream(request.seed, streamIndex)
      return () => stream.nextSigned() * scale
    }
    return fillRepeating(shape, count, { ...request, key: `${streamIndex} ${scale}`, begin })
  },
  legacy: (shape) => {
    const stream = new LegacyStream()
    return (count) => fillWith(shape, count, () => stream.next())
  },
  pm1: (shape, request) => (count, streamIndex) => {
    const reach = streamIndex !== biasStream ? 1 : shape.dtype === 'bf16' ? 8 : 128
    const begin = () => {
      const stream = new RandomStream(request.seed, streamIndex)
      return () => (2 * (1 + Math.abs(stream.next() % reach)) - 1) * (stream.next() < 0 ? -1 : 1)
    }
    return fillRepeating(shape, count, { ...request, key: `${streamIndex} ${reach}`, begin })
  },
}

/** A prime, so that no two rows of a matrix hold the same values: k · rows apart is never a multiple of it. */
const repeatAfter = 4_194_301

/** Drawing 136 million numbers takes seconds; from `repeatAfter` elements on, the first ones come again. */
async function fillRepeating(
  shape: Shape,
  count: number,
  from: FillRequest & { key: string; begin: () => () => number },
): Promise<Elements> {
  if (count <= repeatAfter) return drawn(shape, count, from)
  const elements = allocateElements(shape.dtype, count)
  const first = await drawn(shape, repeatAfter, from)
  await eachSlice(count, repeatAfter, (begin, end) => elements.set(first.subarray(0, end - begin), begin))
  return elements
}

async function drawn(
  shape: Shape,
  count: number,
  { data, seed, key, begin, sequences }: FillRequest & { key: string; begin: () => () => number },
): Promise<Elements> {
  if (!sequences) return fillWith(shape, count, begin())
  const encode = encoderOf(shape.dtype)
  const encoded = () => {
    const next = begin()
    return () => encode(next())
  }
  return sequences.first(`${shape.dtype} ${data} ${seed} ${key}`, count, { dtype: shape.dtype, begin: encoded })
}

async function fillWith(shape: Shape, count: number, next: () => number): Promise<Elements> {
  const elements = allocateElements(shape.dtype, count)
  const encode = encoderOf(shape.dtype)
  await eachSlice(count, 2 ** 22, (begin, end) => {
    for (let i = begin; i < end; i++) elements[i] = encode(next())
  })
  return elements
}

/** Each of `batch` row-major rows×columns matrices, transposed. */
export async function transposeBatches(
  elements: Elements,
  extent: { batch: number; rows: number; columns: number },
): Promise<Elements> {
  const { batch, rows, columns } = extent
  const out = elements instanceof Float32Array ? new Float32Array(elements.length) : new Uint16Array(elements.length)
  const tile = 32
  let moved = 0
  for (let start = 0; start < batch * rows * columns; start += rows * columns) {
    for (let row0 = 0; row0 < rows; row0 += tile) {
      const rowEnd = Math.min(row0 + tile, rows)
      for (let column0 = 0; column0 < columns; column0 += 2 ** 17) {
        const columnEnd = Math.min(column0 + 2 ** 17, columns)
        for (let column = column0; column < columnEnd; column++) {
          for (let row = row0; row < rowEnd; row++)
            out[start + column * rows + row] = elements[start + row * columns + column]!
        }
        moved += (rowEnd - row0) * (columnEnd - column0)
        if (moved < 2 ** 22) continue
        moved = 0
        await setImmediate()
      }
    }
  }
  return out
}

/** A as a kernel wants it; the operands' own array where the layouts agree. */
export async function operandA(operands: Operands, isTransposed: boolean): Promise<Elements> {
  const { m, k, batch, tA } = operands.shape
  if (isTransposed === tA) return operands.a
  return transposeBatches(operands.a, { batch, rows: tA ? k : m, columns: tA ? m : k })
}

/** B as a kernel wants it; the operands' own array where the layouts agree. */
export async function operandB(operands: Operands, isTransposed: boolean): Promise<Elements> {
  const { n, k, batch, tB } = operands.shape
  if (isTransposed === tB) return operands.b
  return transposeBatches(operands.b, { batch, rows: tB ? n : k, columns: tB ? k : n })
}
