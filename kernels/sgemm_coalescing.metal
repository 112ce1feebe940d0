// sgemm_coalescing: one thread per output, neighbouring threads in neighbouring COLUMNS.
//
//   C[b] = act(alpha · (A[b] · B[b] + bias) + beta · C0[b])
//   A: M×K, B: K×N, C: M×N, bias: N; float or half, row-major, dense
//
//   threadgroup 32×32 threads              thread (x, y) of the grid owns C[y, x]:
//     x → column of C, y → row of C        a simdgroup reads one element of A (broadcast) and 32
//                                          consecutive elements of B: one 128-byte line an access.
//   The only difference from sgemm_naive is which coordinate runs along x.
//
//   | entry                | threads | threadgroup bytes |
//   |----------------------|---------|-------------------|
//   | sgemm_coalescing     | 1024    | 0                 |
//   | sgemm_coalescing_f16 | 1024    | 0                 |
//   grid: ⌈N/32⌉ × ⌈M/32⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning        |
//   |-------|-----------------|        |-------------------|----------------|
//   | 0 1 2 | A, B, C         |        | 100…102          | see epilogue.h |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | 8     | bias            |
//   Valid shapes: all.
//   | counted at m=37,n=43,k=29 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_coalescing          | 369112     | 6364          | 5781  | 4366        | 0                 | 0              | 0        | 0             |
//   | sgemm_coalescing_f16      | 184556     | 3182          | 5092  | 4366        | 0                 | 0              | 0        | 0             |
#include "gemm/operands.h"

template <typename T>
[[kernel, max_total_threads_per_threadgroup(1024)]]
void sgemm_coalescing(device const T* A [[buffer(0)]],
                      device const T* B [[buffer(1)]],
                      device T* C [[buffer(2)]],
                      constant uint& M [[buffer(3)]],
                      constant uint& N [[buffer(4)]],
                      constant uint& K [[buffer(5)]],
                      constant float& alpha [[buffer(6)]],
                      constant float& beta [[buffer(7)]],
                      device const T* bias [[buffer(8), function_constant(has_bias)]],
                      uint3 position [[thread_position_in_grid]]) {
  const uint row = position.y;
  const uint column = position.x;
  if (row >= M || column >= N) return;
  A += ulong(position.z) * M * K;
  B += ulong(position.z) * K * N;

  float sum = 0;
  for (uint k = 0; k < K; k++) sum += float(A[ulong(row) * K + k]) * float(B[ulong(k) * N + column]);

  dense_output(C, has_bias ? bias : nullptr, position.z, M, N, alpha, beta).put(row, column, sum);
}

template [[host_name("sgemm_coalescing")]] kernel decltype(sgemm_coalescing<float>) sgemm_coalescing<float>;
template [[host_name("sgemm_coalescing_f16")]] kernel decltype(sgemm_coalescing<half>) sgemm_coalescing<half>;
