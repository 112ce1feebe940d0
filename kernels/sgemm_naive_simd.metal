// sgemm_naive_simd: one simdgroup per 8×8 block of C, straight from device memory.
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])
//   op(A): M×K, op(B): K×N, C: M×N, bias: N; float or half, dense
//
//               8·SIMDGROUPS columns
//             ┌────┬────┬────┬────┐         acc += A block · B block, 8 k at a time: two loads for one
//     k..k+8  │ B0 │ B1 │ B2 │ B3 │         multiply-accumulate, 256 bytes each. The SIMDGROUPS of a threadgroup
//     ┌────┐  ├────┼────┼────┼────┤         stand side by side, so that they find A's block in the cache.
//     │ A  │  │ s0 │ s1 │ s2 │ s3 │ 8 rows  sgemm_tiled_simd is what becomes of it with more blocks a simdgroup.
//     └────┘  └────┴────┴────┴────┘
//
//   | entry                | threads | threadgroup bytes |
//   |----------------------|---------|-------------------|
//   | sgemm_naive_simd     | 128     | 1024              |
//   | sgemm_naive_simd_f16 | 128     | 1024              |
//   Threadgroup memory: 256 bytes for each of 4 simdgroups, for edges and the epilogue.
//   grid: ⌈N/32⌉ × ⌈M/8⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning                                            |
//   |-------|-----------------|        |-------------------|----------------------------------------------------|
//   | 0 1 2 | A, B, C         |        | 0 is_aligned      | M and K are multiples of 8, N of 32                |
//   | 3 4 5 | M, N, K (uint)  |        | 1 transpose_a     | A is handed over as K×M                            |
//   | 6 7   | alpha, beta     |        | 2 transpose_b     | B is handed over as N×K                            |
//   | 8     | bias            |        | 100…102           | see epilogue.h                                     |
//   Valid shapes: all.
//   Source of the operation: Metal Shading Language Specification, "SIMD-group matrix data types".
//   | counted at m=37,n=43,k=29,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_naive_simd               | 50692      | 6364          | 2864  | 540         | 61660             | 246            | 0        | 366           |
//   | sgemm_naive_simd_f16           | 25346      | 3182          | 1844  | 540         | 37852             | 60             | 0        | 366           |
#include "gemm/simd_block.h"

constant constexpr ushort SIMDGROUPS = 4;

template <typename T>
[[kernel, max_total_threads_per_threadgroup(32 * SIMDGROUPS)]]
void sgemm_naive_simd(device const T* A [[buffer(0)]],
                      device const T* B [[buffer(1)]],
                      device T* C [[buffer(2)]],
                      constant uint& M [[buffer(3)]],
                      constant uint& N [[buffer(4)]],
                      constant uint& K [[buffer(5)]],
                      constant float& alpha [[buffer(6)]],
                      constant float& beta [[buffer(7)]],
                      device const T* bias [[buffer(8), function_constant(has_bias)]],
                      uint3 tile [[threadgroup_position_in_grid]],
                      ushort simdgroup [[simdgroup_index_in_threadgroup]],
                      ushort lane [[thread_index_in_simdgroup]]) {
  threadgroup float stages[SIMDGROUPS][64];
  threadgroup float* stage = stages[simdgroup];
  const Operand<T> a = dense_operand(A, tile.z, M, K, transpose_a);
  const Operand<T> b = dense_operand(B, tile.z, K, N, transpose_b);
  const uint row = tile.y * 8;
  const uint column = (tile.x * SIMDGROUPS + simdgroup) * 8;
  // Nothing here waits for another simdgroup.
  if (column >= N) return;

  simdgroup_float8x8 acc = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  for (uint k = 0; k < K; k += 8) {
    const simdgroup_matrix<T, 8, 8> a_block = load_block(a, row, k, stage, lane);
    const simdgroup_matrix<T, 8, 8> b_block = load_block(b, k, column, stage, lane);
    simdgroup_multiply_accumulate(acc, a_block, b_block, acc);
  }
  store_block(acc, dense_output(C, has_bias ? bias : nullptr, tile.z, M, N, alpha, beta), row, column, stage, lane);
}

template [[host_name("sgemm_naive_simd")]] kernel decltype(sgemm_naive_simd<float>) sgemm_naive_simd<float>;
template [[host_name("sgemm_naive_simd_f16")]] kernel decltype(sgemm_naive_simd<half>) sgemm_naive_simd<half>;
