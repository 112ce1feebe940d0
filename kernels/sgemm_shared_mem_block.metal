// sgemm_shared_mem_block: square blocks of A and B staged in threadgroup memory, one thread per output.
//
//   C[b] = alpha · A[b] · B[b] + beta · C[b]        A: M×K, B: K×N, C: M×N, row-major float, dense
//
//            K →                 N →
//        ┌────┬────┐         ┌────┬────┐          one threadgroup computes one BLOCK×BLOCK tile of C;
//      M │ As │ →  │       K │ Bs │    │          it walks along K, a block of A and a block of B at a
//      ↓ └────┴────┘         │ ↓  │    │          time; every element is read from device memory once
//                            └────┴────┘          per tile instead of once per output.
//
//   BLOCK 32: 1024 threads, 2 · 32 · 32 · 4 B = 8 KiB of threadgroup memory.
//   As[row][k] is read as a broadcast and Bs[k][column] along consecutive banks: no bank conflicts.
//   grid: ⌈N/32⌉ × ⌈M/32⌉ × batch threadgroups of 32×32 threads
//   | index | argument        |
//   |-------|-----------------|
//   | 0 1 2 | A, B, C         |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_shared_mem_block    | 18560      | 6364          | 448   | 264         | 1081344           | 0              | 256      | 0             |
//   Valid shapes: all with M·K, K·N, M·N < 2^32 per matrix; edges are filled with zeros while staging.
#include <metal_stdlib>
using namespace metal;

constant constexpr uint BLOCK = 32;

kernel void sgemm_shared_mem_block(device const float* A [[buffer(0)]],
                                   device const float* B [[buffer(1)]],
                                   device float* C [[buffer(2)]],
                                   constant uint& M [[buffer(3)]],
                                   constant uint& N [[buffer(4)]],
                                   constant uint& K [[buffer(5)]],
                                   constant float& alpha [[buffer(6)]],
                                   constant float& beta [[buffer(7)]],
                                   uint3 tile [[threadgroup_position_in_grid]],
                                   uint2 local [[thread_position_in_threadgroup]]) {
  threadgroup float As[BLOCK][BLOCK];
  threadgroup float Bs[BLOCK][BLOCK];
  A += ulong(tile.z) * M * K;
  B += ulong(tile.z) * K * N;
  C += ulong(tile.z) * M * N;

  const uint row = tile.y * BLOCK + local.y;
  const uint column = tile.x * BLOCK + local.x;
  float sum = 0;
  for (uint k0 = 0; k0 < K; k0 += BLOCK) {
    const uint ka = k0 + local.x;
    const uint kb = k0 + local.y;
    As[local.y][local.x] = row < M && ka < K ? A[row * K + ka] : 0;
    Bs[local.y][local.x] = kb < K && column < N ? B[kb * N + column] : 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);

    for (uint k = 0; k < BLOCK; k++) sum += As[local.y][k] * Bs[k][local.x];
    // The next block must not overwrite what a slower thread still reads.
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  if (row >= M || column >= N) return;

  // C is read only when it counts: it may hold anything, NaN included, when beta is 0.
  const float before = beta == 0 ? 0 : beta * C[row * N + column];
  C[row * N + column] = alpha * sum + before;
}
