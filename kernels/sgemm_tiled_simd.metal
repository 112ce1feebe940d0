// sgemm_tiled_simd<NBLK>: one simdgroup per tile of NBLK×NBLK simdgroup matrices (8×8 each).
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])
//   op(A): M×K, op(B): K×N, C: M×N, bias: N; float or half, dense
//
//          k..k+8                      8·NBLK columns
//        ┌──────┐ 0                  ┌────┬────┬────┐
//        │ A[0] │              k..   │ B[0] B[1] …  │      acc[i][j] += A[i] · B[j]
//        │ A[1] │              k+8   └────┴────┴────┘      NBLK² multiply-accumulates for 2·NBLK loads:
//        │  …   │ 8·NBLK             acc: NBLK × NBLK      larger NBLK moves less, and needs more registers.
//        └──────┘ rows
//
//   | entry (sgemm_tiled_simd…) | tile  | accumulator registers a thread | loads per multiply-accumulate | threads | threadgroup bytes |
//   |---------------------------|-------|--------------------------------|-------------------------------|---------|-------------------|
//   | 1                         | 8×8   | 2                              | 2                             | 32      | 256               |
//   | 1_f16                     | 8×8   | 2                              | 2                             | 32      | 256               |
//   | 2                         | 16×16 | 8                              | 1                             | 32      | 256               |
//   | 2_f16                     | 16×16 | 8                              | 1                             | 32      | 256               |
//   | 4                         | 32×32 | 32                             | 1/2                           | 32      | 256               |
//   | 4_f16                     | 32×32 | 32                             | 1/2                           | 32      | 256               |
//   | 8                         | 64×64 | 128                            | 1/4                           | 32      | 256               |
//   | 8_f16                     | 64×64 | 128                            | 1/4                           | 32      | 256               |
//   The number is NBLK; …_f16: matrices of half, which are added up in float. A threadgroup is one simdgroup, its memory
//   one 8×8 block for edges and the epilogue.
//   grid: ⌈N/(8·NBLK)⌉ × ⌈M/(8·NBLK)⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning                                         |
//   |-------|-----------------|        |-------------------|-------------------------------------------------|
//   | 0 1 2 | A, B, C         |        | 0 is_aligned      | M, N multiples of 8·NBLK and K of 8: no edges   |
//   | 3 4 5 | M, N, K (uint)  |        | 1 transpose_a     | A is handed over as K×M                         |
//   | 6 7   | alpha, beta     |        | 2 transpose_b     | B is handed over as N×K                         |
//   | 8     | bias            |        | 100…102           | see epilogue.h                                  |
//   Valid shapes: all.
//   Source of the operation: Metal Shading Language Specification, "SIMD-group matrix data types".
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_tiled_simd1         | 50692      | 6364          | 3374  | 540         | 61660             | 246            | 0        | 366           |
//   | sgemm_tiled_simd2         | 27840      | 6364          | 1992  | 324         | 40156             | 162            | 0        | 282           |
//   | sgemm_tiled_simd4         | 18560      | 6364          | 1416  | 236         | 31452             | 128            | 0        | 248           |
//   | sgemm_tiled_simd8         | 9280       | 6364          | 840   | 148         | 22748             | 94             | 0        | 214           |
//   | sgemm_tiled_simd1_f16     | 25346      | 3182          | 2059  | 540         | 37852             | 60             | 0        | 366           |
//   | sgemm_tiled_simd2_f16     | 13920      | 3182          | 1224  | 324         | 27100             | 60             | 0        | 282           |
//   | sgemm_tiled_simd4_f16     | 9280       | 3182          | 874   | 236         | 22748             | 60             | 0        | 248           |
//   | sgemm_tiled_simd8_f16     | 4640       | 3182          | 524   | 148         | 18396             | 60             | 0        | 214           |
//
//   | counted at m=64,n=64,k=16,tA=1,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_tiled_simd1                   | 65536      | 16384         | 2560  | 640         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd2                   | 32768      | 16384         | 1536  | 384         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd4                   | 16384      | 16384         | 1024  | 256         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd8                   | 8192       | 16384         | 768   | 192         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd1_f16               | 32768      | 8192          | 2048  | 640         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd2_f16               | 16384      | 8192          | 1280  | 384         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd4_f16               | 8192       | 8192          | 896   | 256         | 32768             | 128            | 0        | 256           |
//   | sgemm_tiled_simd8_f16               | 4096       | 8192          | 704   | 192         | 32768             | 128            | 0        | 256           |
#include "gemm/simd_block.h"

template <typename T, ushort NBLK>
[[kernel, max_total_threads_per_threadgroup(32)]]
void sgemm_tiled_simd(device const T* A [[buffer(0)]],
                      device const T* B [[buffer(1)]],
                      device T* C [[buffer(2)]],
                      constant uint& M [[buffer(3)]],
                      constant uint& N [[buffer(4)]],
                      constant uint& K [[buffer(5)]],
                      constant float& alpha [[buffer(6)]],
                      constant float& beta [[buffer(7)]],
                      device const T* bias [[buffer(8), function_constant(has_bias)]],
                      uint3 tile [[threadgroup_position_in_grid]],
                      ushort lane [[thread_index_in_simdgroup]]) {
  threadgroup float stage[64];
  const Operand<T> a = dense_operand(A, tile.z, M, K, transpose_a);
  const Operand<T> b = dense_operand(B, tile.z, K, N, transpose_b);
  const uint row0 = tile.y * 8 * NBLK;
  const uint column0 = tile.x * 8 * NBLK;
  const ushort rows = blocks_inside(row0, M, NBLK);
  const ushort columns = blocks_inside(column0, N, NBLK);

  simdgroup_float8x8 acc[NBLK][NBLK];
  for (ushort i = 0; i < NBLK; i++)
    for (ushort j = 0; j < NBLK; j++) acc[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);

  // The loops run to NBLK, which is known, and skip what is outside: an index that is not known when the kernel is
  // compiled would move the matrices from registers to memory.
  for (uint k = 0; k < K; k += 8) {
    simdgroup_matrix<T, 8, 8> a_block[NBLK], b_block[NBLK];
    for (ushort i = 0; i < NBLK; i++)
      if (i < rows) a_block[i] = load_block(a, row0 + 8 * i, k, stage, lane);
    for (ushort j = 0; j < NBLK; j++)
      if (j < columns) b_block[j] = load_block(b, k, column0 + 8 * j, stage, lane);
    for (ushort i = 0; i < NBLK; i++)
      for (ushort j = 0; j < NBLK; j++)
        if (i < rows && j < columns) simdgroup_multiply_accumulate(acc[i][j], a_block[i], b_block[j], acc[i][j]);
  }

  const Output<T> out = dense_output(C, has_bias ? bias : nullptr, tile.z, M, N, alpha, beta);
  for (ushort i = 0; i < NBLK; i++)
    for (ushort j = 0; j < NBLK; j++)
      if (i < rows && j < columns) store_block(acc[i][j], out, row0 + 8 * i, column0 + 8 * j, stage, lane);
}

template [[host_name("sgemm_tiled_simd1")]] kernel decltype(sgemm_tiled_simd<float, 1>) sgemm_tiled_simd<float, 1>;
template [[host_name("sgemm_tiled_simd2")]] kernel decltype(sgemm_tiled_simd<float, 2>) sgemm_tiled_simd<float, 2>;
template [[host_name("sgemm_tiled_simd4")]] kernel decltype(sgemm_tiled_simd<float, 4>) sgemm_tiled_simd<float, 4>;
template [[host_name("sgemm_tiled_simd8")]] kernel decltype(sgemm_tiled_simd<float, 8>) sgemm_tiled_simd<float, 8>;
template [[host_name("sgemm_tiled_simd1_f16")]] kernel decltype(sgemm_tiled_simd<half, 1>) sgemm_tiled_simd<half, 1>;
template [[host_name("sgemm_tiled_simd2_f16")]] kernel decltype(sgemm_tiled_simd<half, 2>) sgemm_tiled_simd<half, 2>;
template [[host_name("sgemm_tiled_simd4_f16")]] kernel decltype(sgemm_tiled_simd<half, 4>) sgemm_tiled_simd<half, 4>;
template [[host_name("sgemm_tiled_simd8_f16")]] kernel decltype(sgemm_tiled_simd<half, 8>) sgemm_tiled_simd<half, 8>;
