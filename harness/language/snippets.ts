/** A kernel to begin with. */
interface KernelSnippet {
  label: string
  detail: string
  /** With `${1:name}` where a person types on; a compiler accepts it with the names as they stand. */
  body: string
}

const head = ['#include <metal_stdlib>', 'using namespace metal;', '']
const operands = [
  '                 device const half* B [[buffer(1)]],',
  '                 device half* C [[buffer(2)]],',
  '                 constant uint& M [[buffer(3)]],',
  '                 constant uint& N [[buffer(4)]],',
  '                 constant uint& K [[buffer(5)]],',
]

const naive = [
  ...head,
  '// C = A · B: one thread an output, neighbouring threads in neighbouring columns.',
  'kernel void ${1:gemm_naive}(',
  '                 device const half* A [[buffer(0)]],',
  ...operands,
  '                 uint3 position [[thread_position_in_grid]]) {',
  '  const uint column = position.x, row = position.y;',
  '  if (row >= M || column >= N) return;',
  '  float sum = 0;',
  '  for (uint k = 0; k < K; k++) sum += float(A[ulong(row) * K + k]) * float(B[ulong(k) * N + column]);',
  '  C[ulong(row) * N + column] = half(sum);$0',
  '}',
]

const tiled = [
  ...head,
  'constant constexpr uint TILE = ${2:16};',
  '',
  '// C = A · B: a threadgroup of TILE×TILE threads computes as many outputs, staging A and B in threadgroup memory.',
  '[[kernel, max_total_threads_per_threadgroup(TILE * TILE)]]',
  'void ${1:gemm_threadgroup}(',
  '                 device const half* A [[buffer(0)]],',
  ...operands,
  '                 uint3 tile [[threadgroup_position_in_grid]],',
  '                 uint3 local [[thread_position_in_threadgroup]]) {',
  '  threadgroup float As[TILE][TILE];',
  '  threadgroup float Bs[TILE][TILE];',
  '  const uint row = tile.y * TILE + local.y, column = tile.x * TILE + local.x;',
  '  float sum = 0;',
  '  for (uint k0 = 0; k0 < K; k0 += TILE) {',
  '    const uint ka = k0 + local.x, kb = k0 + local.y;',
  '    As[local.y][local.x] = row < M && ka < K ? float(A[ulong(row) * K + ka]) : 0;',
  '    Bs[local.y][local.x] = kb < K && column < N ? float(B[ulong(kb) * N + column]) : 0;',
  '    threadgroup_barrier(mem_flags::mem_threadgroup);',
  '    for (uint k = 0; k < TILE; k++) sum += As[local.y][k] * Bs[k][local.x];',
  '    // The next tiles must not overwrite what a slower thread still reads.',
  '    threadgroup_barrier(mem_flags::mem_threadgroup);',
  '  }',
  '  if (row < M && column < N) C[ulong(row) * N + column] = half(sum);$0',
  '}',
]

const oneRow = [
  ...head,
  '// C = A · Bᵀ of one row: a simdgroup an output, its lanes share K; B is stored output by output (N×K).',
  'kernel void ${1:m1_dot}(',
  '                 device const half* A [[buffer(0)]],',
  ...operands.filter((line) => !line.includes('& M ')),
  '                 uint3 group [[threadgroup_position_in_grid]],',
  '                 uint simdgroups [[simdgroups_per_threadgroup]],',
  '                 uint simdgroup [[simdgroup_index_in_threadgroup]],',
  '                 uint lane [[thread_index_in_simdgroup]]) {',
  '  const uint n = group.x * simdgroups + simdgroup;',
  '  // A whole simdgroup leaves, so that none of its lanes is missing where they add up.',
  '  if (n >= N) return;',
  '  float sum = 0;',
  '  for (uint k = lane; k < K; k += 32) sum += float(A[k]) * float(B[ulong(n) * K + k]);',
  '  sum = simd_sum(sum);',
  '  if (lane == 0) C[n] = half(sum);$0',
  '}',
]

/** Skeletons of matmul kernels, as completion offers them at the beginning of a line outside of all functions. */
export const kernelSnippets: readonly KernelSnippet[] = [
  { label: 'kernel-naive', detail: 'A kernel with one thread an output', body: naive.join('\n') },
  { label: 'kernel-threadgroup', detail: 'A kernel that stages tiles in threadgroup memory', body: tiled.join('\n') },
  { label: 'kernel-m1', detail: 'A kernel for one row: a simdgroup an output', body: oneRow.join('\n') },
]

/** A snippet's text with its placeholders as they stand. */
export function snippetText(body: string): string {
  return body.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '')
}
