// sgemm_shared_mem_block: square blocks of A and B staged in threadgroup memory, one thread per output.
//
//   C[b] = act(alpha · (A[b] · B[b] + bias) + beta · C0[b])
//   A: M×K, B: K×N, C: M×N, bias: N; float or half, row-major, dense
//
//            K →                 N →
//        ┌────┬────┐         ┌────┬────┐          one threadgroup computes one BLOCK×BLOCK tile of C;
//      M │ As │ →  │       K │ Bs │    │          it walks along K, a block of A and a block of B at a
//      ↓ └────┴────┘         │ ↓  │    │          time; every element is read from device memory once
//                            └────┴────┘          per tile instead of once per output.
//
//   | entry                      | BLOCK | threads | threadgroup bytes |
//   |----------------------------|-------|---------|-------------------|
//   | sgemm_shared_mem_block     | 32    | 1024    | 8192              |
//   | sgemm_shared_mem_block_f16 | 32    | 1024    | 8192              |
//   Two blocks of floats: a half is widened once, when it is staged, and read 32 times.
//   As[row][k] is read as a broadcast and Bs[k][column] along consecutive banks: no bank conflicts.
//   grid: ⌈N/32⌉ × ⌈M/32⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning        |
//   |-------|-----------------|        |-------------------|----------------|
//   | 0 1 2 | A, B, C         |        | 100…102          | see epilogue.h |
//   | 3 4 5 | M, N, K (uint)  |
//   | 6 7   | alpha, beta     |
//   | 8     | bias            |
//   Valid shapes: all; edges are filled with zeros while staging.
//   Source of the blocks: D. Kirk and W. Hwu, "Programming Massively Parallel Processors", chapter on tiled multiplication.
//   | counted at m=37,n=43,k=29  | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |----------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_shared_mem_block     | 18560      | 6364          | 448   | 264         | 1081344           | 0              | 256      | 0             |
//   | sgemm_shared_mem_block_f16 | 9280       | 3182          | 357   | 264         | 1081344           | 0              | 256      | 0             |
#include "gemm/operands.h"

constant constexpr uint BLOCK = 32;

template <typename T>
[[kernel, max_total_threads_per_threadgroup(BLOCK * BLOCK)]]
void sgemm_shared_mem_block(device const T* A [[buffer(0)]],
                            device const T* B [[buffer(1)]],
                            device T* C [[buffer(2)]],
                            constant uint& M [[buffer(3)]],
                            constant uint& N [[buffer(4)]],
                            constant uint& K [[buffer(5)]],
                            constant float& alpha [[buffer(6)]],
                            constant float& beta [[buffer(7)]],
                            device const T* bias [[buffer(8), function_constant(has_bias)]],
                            uint3 tile [[threadgroup_position_in_grid]],
                            uint3 local [[thread_position_in_threadgroup]]) {
  threadgroup float As[BLOCK][BLOCK];
  threadgroup float Bs[BLOCK][BLOCK];
  A += ulong(tile.z) * M * K;
  B += ulong(tile.z) * K * N;

  const uint row = tile.y * BLOCK + local.y;
  const uint column = tile.x * BLOCK + local.x;
  float sum = 0;
  for (uint k0 = 0; k0 < K; k0 += BLOCK) {
    const uint ka = k0 + local.x;
    const uint kb = k0 + local.y;
    As[local.y][local.x] = row < M && ka < K ? float(A[ulong(row) * K + ka]) : 0;
    Bs[local.y][local.x] = kb < K && column < N ? float(B[ulong(kb) * N + column]) : 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);

    for (uint k = 0; k < BLOCK; k++) sum += As[local.y][k] * Bs[k][local.x];
    // The next block must not overwrite what a slower thread still reads.
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  const Output<T> out = dense_output(C, has_bias ? bias : nullptr, tile.z, M, N, alpha, beta);
  if (out.holds(row, column)) out.put(row, column, sum);
}

template [[host_name("sgemm_shared_mem_block")]] kernel decltype(sgemm_shared_mem_block<float>) sgemm_shared_mem_block<float>;
template [[host_name("sgemm_shared_mem_block_f16")]] kernel decltype(sgemm_shared_mem_block<half>) sgemm_shared_mem_block<half>;
