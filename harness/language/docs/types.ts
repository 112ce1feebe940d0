const scalarTypes: Record<string, string> = {
  bool: '`true` or `false`, one byte.',
  char: 'A signed integer of 8 bits, on every device.',
  uchar: 'An unsigned integer of 8 bits.',
  short: 'A signed integer of 16 bits.',
  ushort: 'An unsigned integer of 16 bits: half the registers of `uint`, for lane numbers and offsets in a tile.',
  int: 'A signed integer of 32 bits.',
  uint: 'An unsigned integer of 32 bits. Products of sizes overflow it beyond 2³² elements: widen to `ulong` first.',
  long: 'A signed integer of 64 bits. GPUs compute it in several steps.',
  ulong: 'An unsigned integer of 64 bits, for offsets into large buffers. GPUs compute it in several steps.',
  half: 'Floating point of 16 bits: 11 bits of precision, at most 65504. Add up long sums in `float`.',
  bfloat: 'Floating point of 16 bits with the range of `float` and 8 bits of precision. Add up in `float`.',
  float: 'Floating point of 32 bits: 24 bits of precision.',
}
const counts: Record<string, string> = { 2: 'Two', 3: 'Three', 4: 'Four' }
const vectorBytes: Record<string, number> = {
  bool: 1,
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  half: 2,
  bfloat: 2,
  int: 4,
  uint: 4,
  float: 4,
  long: 8,
  ulong: 8,
}

/** Documentation of a vector, packed vector or matrix by its name; undefined for anything else. */
function shapedType(name: string): string | undefined {
  const vector = /^(packed_)?(\w+?)([234])$/.exec(name)
  const bytes = vectorBytes[vector?.[2] ?? '']
  if (vector && bytes !== undefined) {
    const [, packed, scalar, size = ''] = vector
    const components = Number(size)
    return packed
      ? `${counts[size]} \`${scalar}\` without padding: ${components * bytes} bytes, aligned as one component. For buffers laid out by others.`
      : `${counts[size]} \`${scalar}\`, ${(components === 3 ? 4 : components) * bytes} bytes and aligned so: reading one through a pointer that is not aligned is undefined. Components \`xyzw\` or \`rgba\`, in any order: \`v.zyx\`.`
  }
  const matrix = /^(half|float)([234])x([234])$/.exec(name)
  if (matrix) return `A matrix of ${matrix[2]} columns, each a \`${matrix[1]}${matrix[3]}\`. \`m[c]\` is a column.`
  const tile = /^simdgroup_(half|bfloat|float)8x8$/.exec(name)
  if (tile)
    return `An 8×8 matrix of \`${tile[1]}\` that a whole simdgroup holds, two elements a lane. Loaded, stored and multiplied by all its lanes together.`
  return undefined
}

const others: Record<string, string> = {
  mem_flags: 'Which memory a barrier makes visible: `mem_none`, `mem_threadgroup`, `mem_device`; they combine by `|`.',
  mem_threadgroup: 'What the threadgroup wrote to threadgroup memory is visible behind the barrier.',
  mem_device: 'What the threadgroup wrote to device memory is visible behind the barrier.',
  mem_none: 'The barrier only waits; it promises nothing about memory.',
  simdgroup_matrix: '`simdgroup_matrix<T, 8, 8>`: a matrix that a whole simdgroup holds, two elements a lane.',
  atomic_uint: 'A `uint` that threads change in one step. Only in `device` or `threadgroup` memory.',
  atomic_int: 'An `int` that threads change in one step. Only in `device` or `threadgroup` memory.',
  atomic_float: 'A `float` that threads add to in one step. Only in `device` memory.',
  size_t: 'An unsigned integer of 64 bits.',
  metal: 'The namespace of the Metal library: kernels begin with `using namespace metal;`.',
  memory_order_relaxed: 'The access is one step, and orders nothing around it: all that MSL has for atomics.',
}

/** Documentation of a type, in markdown. */
export function typeDocumentation(name: string): string | undefined {
  return scalarTypes[name] ?? others[name] ?? shapedType(name)
}
