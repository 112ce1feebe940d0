import type { OrderDependence } from '#contract/analysis.ts'
import type { ScalarType } from '#contract/launch.ts'
import { fromBfloat16Bits } from '../bridge/scalar.ts'

/** A buffer that a kernel writes, as bytes. */
export interface OutputBytes {
  /** Binding index. */
  index: number
  name: string
  type: ScalarType
  bytes: Uint8Array
}

type Reader = (view: DataView, offset: number) => number

const readers: Record<ScalarType, { size: number; read: Reader }> = {
  bool: { size: 1, read: (view, at) => view.getUint8(at) },
  i8: { size: 1, read: (view, at) => view.getInt8(at) },
  u8: { size: 1, read: (view, at) => view.getUint8(at) },
  i16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  u16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  i32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  u32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  i64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  u64: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  f16: { size: 2, read: (view, at) => view.getFloat16(at, true) },
  bf16: { size: 2, read: (view, at) => fromBfloat16Bits(view.getUint16(at, true)) },
  f32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
}

const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** Indices of the elements of which any byte differs: the first, and how many. */
function differences(a: Uint8Array, b: Uint8Array, size: number): { first: number; count: number } {
  let first = -1
  let count = 0
  for (let at = 0; at < a.length; at += size) {
    let differs = false
    for (let i = at; i < at + size && !differs; i++) differs = a[i] !== b[i]
    if (!differs) continue
    if (first < 0) first = at / size
    count++
  }
  return { first, count }
}

function compare(before: OutputBytes, after: OutputBytes, schedule: number): OrderDependence {
  const { index, name, type } = before
  const { size, read } = readers[type]
  const { first, count } = differences(before.bytes, after.bytes, size)
  const valueIn = ({ bytes }: OutputBytes) => {
    const value = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), first * size)
    return Number.isFinite(value) ? value : null
  }
  const values: OrderDependence['values'] = [valueIn(before), valueIn(after)]
  const elements = before.bytes.length / size
  const text = (value: number | null) => (value === null ? 'no number' : String(value))
  const message =
    `${name} (buffer ${index}) depends on the order in which simdgroups, lanes and threadgroups run: element ${first} is ` +
    `${text(values[0])} in order and ${text(values[1])} under schedule ${schedule}; ${count} of ${elements} elements differ`
  return { buffer: index, bufferName: name, firstIndex: first, differing: count, elements, values, schedule, message }
}

/** The outputs that differ, bit by bit, between schedule 0 and another one. Both lists name the same buffers in the same order. */
export function compareOutputs(
  before: readonly OutputBytes[],
  after: readonly OutputBytes[],
  schedule: number,
): OrderDependence[] {
  return before.flatMap((one, i) => {
    const other = after[i]
    return other && !isSame(one.bytes, other.bytes) ? [compare(one, other, schedule)] : []
  })
}

/** One note for each buffer: of the first schedule that showed it. */
export function firstOfEachBuffer(found: readonly OrderDependence[]): OrderDependence[] {
  const byBuffer = new Map<number, OrderDependence>()
  for (const one of found) if (!byBuffer.has(one.buffer)) byBuffer.set(one.buffer, one)
  return [...byBuffer.values()]
}
