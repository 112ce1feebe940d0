// sgemm_tiled_simd<NBLK>: one simdgroup per tile of NBLK×NBLK simdgroup matrices (8×8 each).
//
//   C[b] = alpha · A[b] · B[b] + beta · C[b]        A: M×K, B: K×N, C: M×N, row-major float, dense
//
//          k..k+8                      8·NBLK columns
//        ┌──────┐ 0                  ┌────┬────┬────┐
//        │ A[0] │              k..   │ B[0] B[1] …  │      acc[i][j] += A[i] · B[j]
//        │ A[1] │              k+8   └────┴────┴────┘      NBLK² multiply-accumulates for 2·NBLK loads:
//        │  …   │ 8·NBLK             acc: NBLK × NBLK      larger NBLK moves less, and needs more registers.
//        └──────┘ rows
//
//   | NBLK | tile  | accumulator registers a thread | loads per multiply-accumulate |
//   |------|-------|--------------------------------|-------------------------------|
//   | 1    | 8×8   | 2                              | 2                             |
//   | 2    | 16×16 | 8                              | 1                             |
//   | 4    | 32×32 | 32                             | 1/2                           |
//   | 8    | 64×64 | 128                            | 1/4                           |
//
//   threadgroup: one simdgroup (32 threads); threadgroup memory: one 8×8 block, 256 B, for edges and the epilogue.
//   grid: ⌈N/(8·NBLK)⌉ × ⌈M/(8·NBLK)⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning                                         |
//   |-------|-----------------|        |-------------------|-------------------------------------------------|
//   | 0 1 2 | A, B, C         |        | 0 is_aligned      | M, N multiples of 8·NBLK and K of 8: no edges   |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_tiled_simd1         | 50692      | 6364          | 3374  | 540         | 61660             | 246            | 0        | 366           |
//   | sgemm_tiled_simd2         | 27840      | 6364          | 1992  | 324         | 47836             | 198            | 0        | 342           |
//   | sgemm_tiled_simd4         | 18560      | 6364          | 1416  | 236         | 60636             | 276            | 0        | 532           |
//   | sgemm_tiled_simd8         | 9280       | 6364          | 840   | 148         | 41692             | 202            | 0        | 458           |
//   Valid shapes: all with M·K, K·N, M·N < 2^32 per matrix. Unset, is_aligned counts as false.
//   Source of the operation: Metal Shading Language Specification, "SIMD-group matrix data types".
#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;

constant bool is_aligned_set [[function_constant(0)]];
constant bool is_aligned = is_function_constant_defined(is_aligned_set) ? is_aligned_set : false;

// An 8×8 block whose top left element is (row, column) of a rows×columns matrix; zeros outside it.
// All 32 threads of the simdgroup call it together: `stage` is theirs.
static simdgroup_float8x8 load_block(device const float* matrix, uint row, uint column, uint rows, uint columns,
                                     threadgroup float* stage, ushort lane) {
  simdgroup_float8x8 block;
  if (is_aligned || (row + 8 <= rows && column + 8 <= columns)) {
    simdgroup_load(block, matrix + ulong(row) * columns + column, columns);
    return block;
  }
  simdgroup_barrier(mem_flags::mem_threadgroup);
  for (ushort i = lane; i < 64; i += 32) {
    const uint r = row + i / 8, c = column + i % 8;
    stage[i] = r < rows && c < columns ? matrix[ulong(r) * columns + c] : 0;
  }
  simdgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_load(block, stage, 8);
  return block;
}

template <int NBLK>
kernel void sgemm_tiled_simd(device const float* A [[buffer(0)]],
                             device const float* B [[buffer(1)]],
                             device float* C [[buffer(2)]],
                             constant uint& M [[buffer(3)]],
                             constant uint& N [[buffer(4)]],
                             constant uint& K [[buffer(5)]],
                             constant float& alpha [[buffer(6)]],
                             constant float& beta [[buffer(7)]],
                             uint3 tile [[threadgroup_position_in_grid]],
                             ushort lane [[thread_index_in_simdgroup]]) {
  threadgroup float stage[64];
  A += ulong(tile.z) * M * K;
  B += ulong(tile.z) * K * N;
  C += ulong(tile.z) * M * N;
  const uint row0 = tile.y * 8 * NBLK;
  const uint column0 = tile.x * 8 * NBLK;

  simdgroup_float8x8 acc[NBLK][NBLK];
  for (int i = 0; i < NBLK; i++)
    for (int j = 0; j < NBLK; j++) acc[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);

  for (uint k = 0; k < K; k += 8) {
    simdgroup_float8x8 a[NBLK], b[NBLK];
    for (int i = 0; i < NBLK; i++) a[i] = load_block(A, row0 + 8 * i, k, M, K, stage, lane);
    for (int j = 0; j < NBLK; j++) b[j] = load_block(B, k, column0 + 8 * j, K, N, stage, lane);
    for (int i = 0; i < NBLK; i++)
      for (int j = 0; j < NBLK; j++) simdgroup_multiply_accumulate(acc[i][j], a[i], b[j], acc[i][j]);
  }

  for (int i = 0; i < NBLK; i++) {
    for (int j = 0; j < NBLK; j++) {
      simdgroup_barrier(mem_flags::mem_threadgroup);
      simdgroup_store(acc[i][j], stage, 8);
      simdgroup_barrier(mem_flags::mem_threadgroup);
      for (ushort e = lane; e < 64; e += 32) {
        const uint row = row0 + 8 * i + e / 8, column = column0 + 8 * j + e % 8;
        if (row >= M || column >= N) continue;
        const ulong at = ulong(row) * N + column;
        C[at] = alpha * stage[e] + (beta == 0 ? 0 : beta * C[at]);
      }
    }
  }
}

template [[host_name("sgemm_tiled_simd1")]] kernel void sgemm_tiled_simd<1>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, constant float&, constant float&, uint3, ushort);
template [[host_name("sgemm_tiled_simd2")]] kernel void sgemm_tiled_simd<2>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, constant float&, constant float&, uint3, ushort);
template [[host_name("sgemm_tiled_simd4")]] kernel void sgemm_tiled_simd<4>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, constant float&, constant float&, uint3, ushort);
template [[host_name("sgemm_tiled_simd8")]] kernel void sgemm_tiled_simd<8>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, constant float&, constant float&, uint3, ushort);
