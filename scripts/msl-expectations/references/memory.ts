// Atomics and threadgroup memory.
import { operations, range } from '../lanes.ts'
import type { Launch } from '../launch.ts'
import { type Output, out } from '../output.ts'

const u32 = (values: number[]): Output[] => [out(0, 'u32', values)]

const fetches =
  (type: 'u32' | 'i32', names: (keyof typeof operations)[]) =>
  (launch: Launch): Output[] => {
    const start = launch.input(0)
    const values = launch.input(1)
    return [
      out(
        0,
        type,
        names.map((name, i) => operations[name](type, [start[i] ?? 0, ...values])),
      ),
    ]
  }

/** start - sum of the values, as the type wraps it. */
const difference = (type: 'u32' | 'i32', launch: Launch, at: number) =>
  operations.sum(type, [launch.input(0)[at] ?? 0, ...launch.input(1).map((v) => -v)])

function withDifference(type: 'u32' | 'i32', names: (keyof typeof operations)[]) {
  return (launch: Launch): Output[] => {
    const [all] = fetches(type, names)(launch)
    return [
      out(
        0,
        type,
        (all?.values ?? []).map((value, i) => (i === 1 ? difference(type, launch, 1) : value)),
      ),
    ]
  }
}

function rounds(): Output[] {
  let values = range(40)
  for (let round = 0; round < 5; round++) values = values.map((_, t) => (values[(t + 1) % 40] ?? 0) * 3 + 1)
  return u32(values)
}

const reversed = (count: number, size: number) => range(count).map((i) => i - (i % size) + size - 1 - (i % size))

export const references = {
  'atomics/uint': withDifference('u32', ['sum', 'sum', 'min', 'max', 'and', 'or', 'xor']),
  'atomics/int': withDifference('i32', ['sum', 'sum', 'min', 'max']),
  'atomics/float': (launch: Launch) => {
    const [a = 0, b = 0] = launch.input(0)
    const sum = launch.input(1).reduce((s, v) => s + v, 0)
    return [out(0, 'f32', [a + sum, b - sum])]
  },
  'atomics/threadgroup': (launch: Launch) =>
    u32(
      range(2).flatMap((group) =>
        range(8).map(
          (bin) =>
            launch
              .input(1)
              .slice(64 * group, 64 * group + 64)
              .filter((v) => v % 8 === bin).length,
        ),
      ),
    ),
  'threadgroup/static_array': () => u32(reversed(96, 48)),
  'threadgroup/tree_reduction': (launch: Launch) => [
    out(
      0,
      'i32',
      range(2).map((group) =>
        launch
          .input(1)
          .slice(100 * group, 100 * group + 100)
          .reduce((s, v) => s + v, 0),
      ),
    ),
  ],
  'threadgroup/two_dimensions': () => [
    out(
      0,
      'f32',
      range(64).map((i) => (i % 8) * 8 + Math.floor(i / 8)),
    ),
  ],
  'threadgroup/helper_pointer': () => [
    out(
      0,
      'i32',
      range(16).map((t) => ((t + 1) % 16) ** 2 + ((t + 15) % 16) ** 2),
    ),
  ],
  'threadgroup/cast_to_vectors': () => [
    out(
      0,
      'f32',
      range(8).flatMap((t) => range(4).map((c) => 4 * (7 - t) + c)),
    ),
  ],
  'threadgroup/double_buffer': rounds,
  'threadgroup/early_exit_before_barrier': () => u32(reversed(64, 64)),
  'threadgroup/device_barrier': () => u32(reversed(80, 40).map((i) => 2 * i)),
  'threadgroup/simdgroup_barrier': () => u32(reversed(64, 32)),
}
