import { type StructName, structs } from './declarations.ts'

/** The JavaScript value of a field spelled `T` in C. 64-bit integers read back as bigint only beyond 2^53. */
type FieldValue<T extends string> = T extends `char[${string}]`
  ? string
  : T extends `${string}[${string}]`
    ? readonly number[]
    : T extends `${string}*`
      ? bigint
      : T extends 'uint64_t' | 'int64_t'
        ? number | bigint
        : number

/** A struct of klab.h as an object. Fields left out are zero; struct_size is always set by the bridge. */
export type StructValues<N extends StructName> = {
  -readonly [F in keyof (typeof structs)[N]]: FieldValue<(typeof structs)[N][F] & string>
}

type Scalar = 'u8' | 'i32' | 'u32' | 'i64' | 'u64' | 'f64'

export interface Field {
  name: string
  scalar: Scalar
  offset: number
  /** Elements; 1 unless it is an array. */
  count: number
  isText: boolean
  isArray: boolean
}

export interface Layout {
  bytes: number
  alignment: number
  fields: Field[]
}

const scalarBytes: Record<Scalar, number> = { u8: 1, i32: 4, u32: 4, i64: 8, u64: 8, f64: 8 }

const scalarsByName: Record<string, Scalar> = {
  char: 'u8',
  klab_status: 'i32',
  int32_t: 'i32',
  uint32_t: 'u32',
  int64_t: 'i64',
  uint64_t: 'u64',
  double: 'f64',
}

function parseType(type: string): Omit<Field, 'name' | 'offset'> {
  if (type.endsWith('*')) return { scalar: 'u64', count: 1, isText: false, isArray: false }
  const [, base, length] = /^(\w+)(?:\[(\d+)\])?$/.exec(type) ?? []
  const scalar = scalarsByName[base ?? '']
  if (!scalar) throw new Error(`declarations.ts uses the type "${type}", which layout.ts does not know`)
  return { scalar, count: length ? Number(length) : 1, isText: base === 'char', isArray: length !== undefined }
}

const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple

function computeLayout(struct: Record<string, string>): Layout {
  let end = 0
  let alignment = 1
  const fields = Object.entries(struct).map(([name, type]) => {
    const parsed = parseType(type)
    const size = scalarBytes[parsed.scalar]
    const offset = roundUp(end, size)
    end = offset + size * parsed.count
    alignment = Math.max(alignment, size)
    return { name, offset, ...parsed }
  })
  return { bytes: roundUp(end, alignment), alignment, fields }
}

/** Size and field offsets of every struct, by the natural alignment that all 64-bit C ABIs share. */
export const layouts = Object.fromEntries(
  Object.entries(structs).map(([name, struct]) => [name, computeLayout(struct)]),
) as Record<StructName, Layout>

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const writers: Record<Scalar, (view: DataView, offset: number, value: number | bigint) => void> = {
  u8: (view, offset, value) => view.setUint8(offset, Number(value)),
  i32: (view, offset, value) => view.setInt32(offset, Number(value), true),
  u32: (view, offset, value) => view.setUint32(offset, Number(value), true),
  i64: (view, offset, value) => view.setBigInt64(offset, BigInt(value), true),
  u64: (view, offset, value) => view.setBigUint64(offset, BigInt(value), true),
  f64: (view, offset, value) => view.setFloat64(offset, Number(value), true),
}

const narrow = (value: bigint) => (value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value)

function readScalar(view: DataView, offset: number, scalar: Scalar): number | bigint {
  switch (scalar) {
    case 'u8':
      return view.getUint8(offset)
    case 'i32':
      return view.getInt32(offset, true)
    case 'u32':
      return view.getUint32(offset, true)
    case 'i64':
      return narrow(view.getBigInt64(offset, true))
    case 'u64':
      return narrow(view.getBigUint64(offset, true))
    case 'f64':
      return view.getFloat64(offset, true)
  }
}

function writeField(view: DataView, field: Field, value: number | bigint | string | readonly number[]): void {
  const write = writers[field.scalar]
  if (typeof value === 'string') {
    encoder.encodeInto(value, new Uint8Array(view.buffer, view.byteOffset + field.offset, field.count - 1))
  } else if (typeof value === 'object') {
    value.forEach((element, i) => {
      write(view, field.offset + i * scalarBytes[field.scalar], element)
    })
  } else {
    write(view, field.offset, value)
  }
}

/** Writes `values` as struct `name` at the start of `view`, which must be zeroed and large enough. */
export function encodeStruct<N extends StructName>(view: DataView, name: N, values: Partial<StructValues<N>>): void {
  const given = values as Record<string, number | bigint | string | readonly number[] | undefined>
  for (const field of layouts[name].fields) {
    const value = field.name === 'struct_size' ? layouts[name].bytes : given[field.name]
    if (value !== undefined) writeField(view, field, value)
  }
}

function readText(view: DataView, field: Field): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + field.offset, field.count)
  const end = bytes.indexOf(0)
  return decoder.decode(bytes.subarray(0, end < 0 ? field.count : end))
}

function readField(view: DataView, field: Field) {
  if (field.isText) return readText(view, field)
  if (!field.isArray) return readScalar(view, field.offset, field.scalar)
  return Array.from({ length: field.count }, (_, i) =>
    readScalar(view, field.offset + i * scalarBytes[field.scalar], field.scalar),
  )
}

/** Reads struct `name` from the start of `view`. */
export function decodeStruct<N extends StructName>(view: DataView, name: N): StructValues<N> {
  return Object.fromEntries(
    layouts[name].fields.map((field) => [field.name, readField(view, field)]),
  ) as StructValues<N>
}
