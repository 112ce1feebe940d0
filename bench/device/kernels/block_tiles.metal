// sgemm with a block of A and B in threadgroup memory and a tile of C in every thread's registers: C = A · B, row-major
// float, dense. M and N must be multiples of the block, K of BK: these kernels are for measuring, and have no edges.
//
//   | entry        | block BM×BN | BK | tile TM×TN | threads |
//   |--------------|-------------|----|------------|---------|
//   | block_1d     | 64×64       | 8  | 8×1        | 512     |
//   | block_2d_4x4 | 32×32       | 8  | 4×4        | 64      |
//   | block_2d_8x8 | 64×64       | 8  | 8×8        | 64      |
//   grid: N/BN × M/BM threadgroups · 0 A, 1 B, 2 C, 3 M, 4 N, 5 K (uint)
#include <metal_stdlib>
using namespace metal;

template <int BM, int BN, int BK, int TM, int TN>
kernel void block_tile(device const float* A [[buffer(0)]],
                       device const float* B [[buffer(1)]],
                       device float* C [[buffer(2)]],
                       constant uint& M [[buffer(3)]],
                       constant uint& N [[buffer(4)]],
                       constant uint& K [[buffer(5)]],
                       uint2 block [[threadgroup_position_in_grid]],
                       uint index [[thread_index_in_threadgroup]]) {
  constexpr uint THREADS = (BM / TM) * (BN / TN);
  threadgroup float As[BM * BK];
  threadgroup float Bs[BK * BN];
  const uint row = index / (BN / TN) * TM, column = index % (BN / TN) * TN;
  A += block.y * BM * K;
  B += block.x * BN;
  C += block.y * BM * N + block.x * BN;

  float sums[TM][TN];
  for (int i = 0; i < TM; i++)
    for (int j = 0; j < TN; j++) sums[i][j] = 0;
  for (uint k0 = 0; k0 < K; k0 += BK) {
    for (uint i = index; i < BM * BK; i += THREADS) As[i] = A[i / BK * K + k0 + i % BK];
    for (uint i = index; i < BK * BN; i += THREADS) Bs[i] = B[(k0 + i / BN) * N + i % BN];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (int k = 0; k < BK; k++) {
      float a[TM], b[TN];
      for (int i = 0; i < TM; i++) a[i] = As[(row + i) * BK + k];
      for (int j = 0; j < TN; j++) b[j] = Bs[k * BN + column + j];
      for (int i = 0; i < TM; i++)
        for (int j = 0; j < TN; j++) sums[i][j] += a[i] * b[j];
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  for (int i = 0; i < TM; i++)
    for (int j = 0; j < TN; j++) C[(row + i) * N + column + j] = sums[i][j];
}

#define BLOCK_TILE(name, ...) template [[host_name(name)]] kernel void block_tile<__VA_ARGS__>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, uint2, uint);
BLOCK_TILE("block_1d", 64, 64, 8, 8, 1)
BLOCK_TILE("block_2d_4x4", 32, 32, 8, 4, 4)
BLOCK_TILE("block_2d_8x8", 64, 64, 8, 8, 8)
