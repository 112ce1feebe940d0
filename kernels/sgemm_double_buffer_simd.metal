// sgemm_double_buffer_simd: simdgroup matrices as the way into threadgroup memory, one step of k ahead of the arithmetic.
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])
//   op(A): M×K, op(B): K×N, C: M×N, bias: N; float or half, dense
//
//      step        s                      s + 1                       a threadgroup computes BM×BN of C with WM×WN
//      device ──── load tiles s+1 ─────── load tiles s+2 ────         simdgroups, BK of k a step. Tiles are in two halves
//      arithmetic  multiply tiles s ───── multiply tiles s+1 ─        of threadgroup memory by turns. What is loaded for
//      memory      ───────────── store s+1 ───────────── store        the next step stays in simdgroup matrices while
//      barrier                        │                      │        this one is multiplied, so that the arithmetic
//                                                                     hides the way from device memory.
//
//   | entry                        | BM×BN | BK | WM×WN | threads | threadgroup bytes | held a thread |
//   |------------------------------|-------|----|-------|---------|-------------------|---------------|
//   | sgemm_double_buffer_simd     | 64×64 | 16 | 2×2   | 128     | 16384             | 16 floats     |
//   | sgemm_double_buffer_simd_f16 | 64×64 | 16 | 2×2   | 128     | 8192              | 16 halves     |
//   grid: ⌈N/BN⌉ × ⌈M/BM⌉ × batch threadgroups
//   | index | argument        |        | function constant | meaning                  |
//   |-------|-----------------|        |-------------------|--------------------------|
//   | 0 1 2 | A, B, C         |        | 1 transpose_a     | A is handed over as K×M  |
//   | 3 4 5 | M, N, K (uint)  |        | 2 transpose_b     | B is handed over as N×K  |
//   | 6 7   | alpha, beta     |        | 100…102           | see epilogue.h           |
//   | 8     | bias            |
//   Valid shapes: all.
//   Source of the operations: Metal Shading Language Specification, "SIMD-group matrix data types".
//   | counted at m=37,n=43,k=29    | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_double_buffer_simd     | 9280       | 6364          | 699   | 162         | 52956             | 290            | 12       | 140           |
//   | sgemm_double_buffer_simd_f16 | 4640       | 3182          | 449   | 162         | 33500             | 60             | 12       | 140           |
//
//   | counted at m=64,n=128,k=48,tA=1,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | sgemm_double_buffer_simd             | 49152      | 32768         | 1792  | 640         | 212992            | 1408           | 32       | 832           |
//   | sgemm_double_buffer_simd_f16         | 24576      | 16384         | 1792  | 640         | 139264            | 256            | 32       | 832           |
#include "gemm/block_copy.h"
#include "gemm/tile_product.h"

template <typename T, ushort BM, ushort BN, ushort BK, ushort WM, ushort WN>
struct DoubleBuffer {
  typedef BlockCopy<T, BM / 8, BK / 8, WM * WN> CopyA;
  typedef BlockCopy<T, BK / 8, BN / 8, WM * WN> CopyB;
  typedef TileProduct<T, BM / 8 / WM, BN / 8 / WN, WM> Product;
  static constexpr constant uint HALF = CopyA::ELEMENTS + CopyB::ELEMENTS;
  static constexpr constant uint BYTES = 2 * HALF * sizeof(T);
  static_assert(BYTES <= 32768, "a threadgroup has 32 KiB");
  // The epilogue has the memory of the tiles when they are done with.
  static_assert(WM * WN * Product::STAGE * sizeof(float) <= BYTES, "the epilogue needs more than the tiles");
};

template <typename T, ushort BM, ushort BN, ushort BK, ushort WM, ushort WN>
[[kernel, max_total_threads_per_threadgroup(32 * WM * WN)]]
void sgemm_double_buffer_simd(device const T* A [[buffer(0)]],
                              device const T* B [[buffer(1)]],
                              device T* C [[buffer(2)]],
                              constant uint& M [[buffer(3)]],
                              constant uint& N [[buffer(4)]],
                              constant uint& K [[buffer(5)]],
                              constant float& alpha [[buffer(6)]],
                              constant float& beta [[buffer(7)]],
                              device const T* bias [[buffer(8), function_constant(has_bias)]],
                              uint3 group [[threadgroup_position_in_grid]],
                              ushort simdgroup [[simdgroup_index_in_threadgroup]],
                              ushort lane [[thread_index_in_simdgroup]]) {
  typedef DoubleBuffer<T, BM, BN, BK, WM, WN> Buffers;
  threadgroup float4 memory[Buffers::BYTES / 16];
  threadgroup T* now = (threadgroup T*)memory;
  threadgroup T* next = now + Buffers::HALF;

  const Operand<T> a = dense_operand(A, group.z, M, K, transpose_a);
  const Operand<T> b = dense_operand(B, group.z, K, N, transpose_b);
  const uint row0 = group.y * BM, column0 = group.x * BN;
  typename Buffers::CopyA copy_a;
  typename Buffers::CopyB copy_b;
  typename Buffers::Product product;
  product.begin(simdgroup, M - row0, N - column0);

  copy_a.fetch(a, row0, 0, simdgroup);
  copy_b.fetch(b, 0, column0, simdgroup);
  copy_a.commit(now, a, row0, 0, simdgroup, lane);
  copy_b.commit(now + Buffers::CopyA::ELEMENTS, b, 0, column0, simdgroup, lane);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint k = 0; k < K; k += BK) {
    const bool is_last = k + BK >= K;
    if (!is_last) {
      copy_a.fetch(a, row0, k + BK, simdgroup);
      copy_b.fetch(b, k + BK, column0, simdgroup);
    }
    product.template add_blocks<BK / 8>(now, now + Buffers::CopyA::ELEMENTS, BN / 8);
    if (!is_last) {
      copy_a.commit(next, a, row0, k + BK, simdgroup, lane);
      copy_b.commit(next + Buffers::CopyA::ELEMENTS, b, k + BK, column0, simdgroup, lane);
    }
    // Every simdgroup has stored the next tiles, and none still reads these.
    threadgroup_barrier(mem_flags::mem_threadgroup);
    threadgroup T* done = now;
    now = next;
    next = done;
  }

  const Output<T> out = dense_output(C, has_bias ? bias : nullptr, group.z, M, N, alpha, beta);
  product.write(out, row0, column0, (threadgroup float*)memory + simdgroup * Buffers::Product::STAGE, lane);
}

template [[host_name("sgemm_double_buffer_simd")]] kernel decltype(sgemm_double_buffer_simd<float, 64, 64, 16, 2, 2>) sgemm_double_buffer_simd<float, 64, 64, 16, 2, 2>;
template [[host_name("sgemm_double_buffer_simd_f16")]] kernel decltype(sgemm_double_buffer_simd<half, 64, 64, 16, 2, 2>) sgemm_double_buffer_simd<half, 64, 64, 16, 2, 2>;
