// sgemm_naive: one thread per output, neighbouring threads in neighbouring ROWS.
//
//   C[b] = alpha · A[b] · B[b] + beta · C[b]        A: M×K, B: K×N, C: M×N, row-major float, dense
//
//   threadgroup 32×32 threads              thread (x, y) of the grid owns C[x, y]:
//     x → row of C, y → column of C        a simdgroup reads 32 rows of A at once, K floats apart,
//                                          and one element of B: 32 cache lines an access of A and of C.
//   This is the kernel that the others are measured against, so that the price of its access pattern is visible.
//
//   threadgroup memory: none
//   grid: ⌈M/32⌉ × ⌈N/32⌉ × batch threadgroups
//   | index | argument        |
//   |-------|-----------------|
//   | 0 1 2 | A, B, C         |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_naive               | 369112     | 6364          | 45967 | 5074        | 0                 | 0              | 0        | 0             |
//   Valid shapes: all with M·K, K·N, M·N < 2^32 per matrix.
#include <metal_stdlib>
using namespace metal;

kernel void sgemm_naive(device const float* A [[buffer(0)]],
                        device const float* B [[buffer(1)]],
                        device float* C [[buffer(2)]],
                        constant uint& M [[buffer(3)]],
                        constant uint& N [[buffer(4)]],
                        constant uint& K [[buffer(5)]],
                        constant float& alpha [[buffer(6)]],
                        constant float& beta [[buffer(7)]],
                        uint3 position [[thread_position_in_grid]]) {
  const uint row = position.x;
  const uint column = position.y;
  if (row >= M || column >= N) return;
  A += ulong(position.z) * M * K;
  B += ulong(position.z) * K * N;
  C += ulong(position.z) * M * N;

  float sum = 0;
  for (uint k = 0; k < K; k++) sum += A[row * K + k] * B[k * N + column];

  // C is read only when it counts: it may hold anything, NaN included, when beta is 0.
  const float before = beta == 0 ? 0 : beta * C[row * N + column];
  C[row * N + column] = alpha * sum + before;
}
