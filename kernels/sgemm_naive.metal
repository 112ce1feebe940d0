// sgemm_naive: one thread per output, neighbouring threads in neighbouring ROWS.
//
//   C[b] = act(alpha · (A[b] · B[b] + bias) + beta · C0[b])
//   A: M×K, B: K×N, C: M×N, bias: N; float or half, row-major, dense
//
//   threadgroup 32×32 threads              thread (x, y) of the grid owns C[x, y]:
//     x → row of C, y → column of C        a simdgroup reads 32 rows of A at once, K elements apart,
//                                          and one element of B: 32 cache lines an access of A and of C.
//   This is the kernel that the others are measured against, so that the price of its access pattern is visible.
//
//   | entry           | threads | threadgroup bytes |
//   |-----------------|---------|-------------------|
//   | sgemm_naive     | 1024    | 0                 |
//   | sgemm_naive_f16 | 1024    | 0                 |
//   grid: ⌈M/32⌉ × ⌈N/32⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning        |
//   |-------|-----------------|        |-------------------|----------------|
//   | 0 1 2 | A, B, C         |        | 100…102          | see epilogue.h |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | 8     | bias            |
//   Valid shapes: all.
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_naive               | 369112     | 6364          | 45967 | 5074        | 0                 | 0              | 0        | 0             |
//   | sgemm_naive_f16           | 184556     | 3182          | 26036 | 5074        | 0                 | 0              | 0        | 0             |
#include "gemm/operands.h"

template <typename T>
[[kernel, max_total_threads_per_threadgroup(1024)]]
void sgemm_naive(device const T* A [[buffer(0)]],
                 device const T* B [[buffer(1)]],
                 device T* C [[buffer(2)]],
                 constant uint& M [[buffer(3)]],
                 constant uint& N [[buffer(4)]],
                 constant uint& K [[buffer(5)]],
                 constant float& alpha [[buffer(6)]],
                 constant float& beta [[buffer(7)]],
                 device const T* bias [[buffer(8), function_constant(has_bias)]],
                 uint3 position [[thread_position_in_grid]]) {
  const uint row = position.x;
  const uint column = position.y;
  if (row >= M || column >= N) return;
  A += ulong(position.z) * M * K;
  B += ulong(position.z) * K * N;

  float sum = 0;
  for (uint k = 0; k < K; k++) sum += float(A[ulong(row) * K + k]) * float(B[ulong(k) * N + column]);

  dense_output(C, has_bias ? bias : nullptr, position.z, M, N, alpha, beta).put(row, column, sum);
}

template [[host_name("sgemm_naive")]] kernel decltype(sgemm_naive<float>) sgemm_naive<float>;
template [[host_name("sgemm_naive_f16")]] kernel decltype(sgemm_naive<half>) sgemm_naive<half>;
