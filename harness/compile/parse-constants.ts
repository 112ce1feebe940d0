import type { FunctionConstant } from '#contract/diagnostic.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { ScalarType } from '#contract/launch.ts'
import type { ConstantValue } from '../bridge/types.ts'
import { parseScalar } from './parse-scalar.ts'

/** A function constant as written: its name or decimal index, and its value. */
export interface ConstantText {
  name: string
  value: string
}

const mslTypes: Record<string, ScalarType> = {
  bool: 'bool',
  char: 'i8',
  int8_t: 'i8',
  uchar: 'u8',
  uint8_t: 'u8',
  short: 'i16',
  int16_t: 'i16',
  ushort: 'u16',
  uint16_t: 'u16',
  int: 'i32',
  int32_t: 'i32',
  uint: 'u32',
  uint32_t: 'u32',
  long: 'i64',
  int64_t: 'i64',
  ulong: 'u64',
  uint64_t: 'u64',
  size_t: 'u64',
  half: 'f16',
  bfloat: 'bf16',
  float: 'f32',
}

/** The lab's name of a scalar type of MSL; undefined for vectors, structs and typedefs. */
export function scalarOfMsl(type: string): ScalarType | undefined {
  return mslTypes[
    type
      .replace(/\b(const|volatile|device|constant)\b/g, '')
      .replace(/^metal::/, '')
      .trim()
  ]
}

/** Values of function constants, typed as the kernel declares them. An unknown name lists those there are. */
export function parseConstants(texts: ConstantText[], known: FunctionConstant[]): Result<ConstantValue[]> {
  const values: ConstantValue[] = []
  for (const { name, value } of texts) {
    const constant = known.find((one) => one.name === name || String(one.index) === name)
    if (!constant) {
      const list = known.map((one) => `${one.name} (index ${one.index}, ${one.type})`).join(', ') || 'none'
      return fail({ kind: 'invalid', message: `no function constant "${name}"; this kernel has: ${list}` })
    }
    const type = scalarOfMsl(constant.type)
    if (!type) {
      return fail({
        kind: 'unsupported',
        message: `function constant ${name} has type ${constant.type}, which is no scalar`,
      })
    }
    const parsed = parseScalar(type, value)
    if (!parsed.ok) return fail({ ...parsed.error, message: `function constant ${name}: ${parsed.error.message}` })
    values.push({ name: constant.name, index: constant.index, type, value: parsed.value })
  }
  return ok(values)
}
