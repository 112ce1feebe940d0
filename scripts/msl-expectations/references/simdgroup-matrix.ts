// Tiles as plain arrays, products as three nested loops.
import { range } from '../lanes.ts'
import type { Launch, Scalar } from '../launch.ts'
import { type Output, out } from '../output.ts'

type Matrix = number[]

/** The 8×8 tile that starts at `from`, with rows `stride` apart. */
const tile = (memory: number[], from: number, stride: number): Matrix =>
  range(64).map((i) => memory[from + Math.floor(i / 8) * stride + (i % 8)] ?? 0)
const transposed = (m: Matrix): Matrix => range(64).map((i) => m[(i % 8) * 8 + Math.floor(i / 8)] ?? 0)

/** rows × depth times depth × columns. */
function product(a: number[], b: number[], [rows, depth, columns]: [number, number, number]): number[] {
  const sum = (r: number, c: number) =>
    range(depth).reduce((s, k) => s + (a[r * depth + k] ?? 0) * (b[k * columns + c] ?? 0), 0)
  return range(rows * columns).map((i) => sum(Math.floor(i / columns), i % columns))
}
const times = (a: Matrix, b: Matrix) => product(a, b, [8, 8, 8])
const plus = (a: Matrix, b: Matrix) => a.map((x, i) => x + (b[i] ?? 0))

/** Memory of `count` zeros with the tile's rows put at `from`, `stride` apart. */
function stored(m: Matrix, count: number, { from, stride }: { from: number; stride: number }): number[] {
  const memory = range(count).map(() => 0)
  m.forEach((x, i) => {
    memory[from + Math.floor(i / 8) * stride + (i % 8)] = x
  })
  return memory
}

const f32 = (values: number[]): Output[] => [out(0, 'f32', values)]
const copy = (type: Scalar) => (launch: Launch) => [
  out(0, type, stored(tile(launch.input(1), 0, 10), 96, { from: 0, stride: 12 })),
]
const accumulate = (type: Scalar) => (launch: Launch) => {
  const memory = launch.input(1)
  return [out(0, type, plus(times(tile(memory, 0, 8), tile(memory, 64, 8)), tile(memory, 128, 8)))]
}

/** The place in the tile of a lane's first element: quarters of the tile by lanes 0–7, 8–15, …, two columns a lane. */
function place(lane: number): number {
  const quarter = Math.floor(lane / 8)
  const row = (quarter > 1 ? 4 : 0) + (Math.floor(lane / 2) % 4)
  const column = (quarter % 2 ? 4 : 0) + (lane % 2) * 2
  return row * 8 + column
}

export const references = {
  'simdgroup_matrix/load_store_float': copy('f32'),
  'simdgroup_matrix/load_store_half': copy('f16'),
  'simdgroup_matrix/load_store_bfloat': copy('bf16'),
  'simdgroup_matrix/multiply_accumulate_float': accumulate('f32'),
  'simdgroup_matrix/multiply_accumulate_half': accumulate('f16'),
  'simdgroup_matrix/multiply_accumulate_bfloat': accumulate('bf16'),
  'simdgroup_matrix/load_origin': (launch: Launch) => f32(tile(launch.input(1), 2 * 16 + 3, 16)),
  'simdgroup_matrix/store_origin': (launch: Launch) =>
    f32(stored(launch.input(1), 132, { from: 3 * 12 + 1, stride: 12 })),
  'simdgroup_matrix/load_transpose': (launch: Launch) => [out(0, 'f16', transposed(tile(launch.input(1), 0, 9)))],
  'simdgroup_matrix/store_transpose': (launch: Launch) =>
    f32(stored(transposed(launch.input(1)), 80, { from: 0, stride: 10 })),
  'simdgroup_matrix/threadgroup_memory': (launch: Launch) =>
    f32([...transposed(tile(launch.input(1), 64, 8)), ...transposed(tile(launch.input(1), 0, 8))]),
  'simdgroup_matrix/mixed_types': (launch: Launch) =>
    f32(times(tile(launch.input(1), 0, 8), tile(launch.input(1), 64, 8)).map((x) => x + 0.5)),
  'simdgroup_matrix/mixed_bfloat': (launch: Launch) =>
    f32(times(tile(launch.input(1), 0, 8), tile(launch.input(1), 64, 8))),
  'simdgroup_matrix/multiply': (launch: Launch) => {
    const d = times(tile(launch.input(1), 0, 8), tile(launch.input(1), 64, 8))
    return f32([...d, ...d])
  },
  'simdgroup_matrix/chain': (launch: Launch) => f32(product(launch.input(1), launch.input(2), [8, 24, 8])),
  'simdgroup_matrix/filled_and_diagonal': () => [
    out(0, 'f16', [...range(64).map(() => 2.5), ...range(64).map((i) => (i % 9 === 0 ? 3 : 0))]),
  ],
  'simdgroup_matrix/thread_elements': () => f32(range(32).flatMap((lane) => [place(lane), place(lane) + 1])),
  'simdgroup_matrix/thread_elements_write': (launch: Launch) =>
    f32(launch.input(1).map((x, i) => (i % 2 ? x + 100 : 2 * x))),
  'simdgroup_matrix/array_of_tiles': (launch: Launch) => f32(product(launch.input(1), launch.input(2), [32, 8, 32])),
  'simdgroup_matrix/transposed_product': (launch: Launch) =>
    f32(times(tile(launch.input(1), 0, 8), transposed(tile(launch.input(1), 64, 8)))),
}
