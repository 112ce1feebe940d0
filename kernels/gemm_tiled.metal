// gemm_tiled: a BM×BN tile of C per threadgroup of WM×WN simdgroups; tiles of A and B in threadgroup memory, BK steps of k.
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])
//   op(X): X or Xᵀ; any leading dimensions and batch strides
//
//                     BN                     device ─ fetch → registers ─ commit → threadgroup ─ simdgroup_load → 8×8
//              ┌──────┬──────┐               matrices ─ multiply-accumulate → sums in float ─ epilogue.h → C
//        BK    │ B tile      │
//      ┌────┐  ├──────┼──────┤               STAGES 1: fetch, commit, barrier, multiply, barrier.
//      │ A  │  │ 0,0  │ 0,1  │ BM            STAGES 2: the next tiles are fetched before and committed after the current
//      │tile│  ├──────┼──────┤               ones are multiplied, into the other half of the memory: one barrier a step,
//      └────┘  │ 1,0  │ 1,1  │               and the way from device memory is hidden behind the arithmetic.
//              └──────┴──────┘
//               WM×WN simdgroups
//
//   | entry (gemm_tiled_…)               | for                       | threads | threadgroup bytes |
//   |------------------------------------|---------------------------|---------|-------------------|
//   | bm32_bn32_bk16_wm2_wn2             | anything                  | 128     | 3072              |
//   | bm32_bn32_bk16_wm2_wn2_f32         | the same in float         | 128     | 5120              |
//   | bm64_bn64_bk16_wm2_wn2             | large M and N             | 128     | 6144              |
//   | bm64_bn64_bk16_wm2_wn2_stages2_f32 | the same in float         | 128     | 20480             |
//   | bm64_bn64_bk32_wm2_wn2_stages2     | large M and N, long K     | 128     | 20480             |
//   | bm8_bn128_bk32_wm1_wn4             | M ≤ 8, a step of decoding | 128     | 10880             |
//   | bm16_bn64_bk16_wm1_wn4             | M ≤ 16                    | 128     | 3840              |
//   | bm64_bn16_bk16_wm4_wn1             | N ≤ 16                    | 128     | 3840              |
//
//   grid: (⌈N/BN⌉ << s) × ⌈⌈M/BM⌉ / 2^s⌉ × batch. s = swizzle: 2^s rows of tiles are walked side by side, so that
//   threadgroups that run at the same time share tiles of B in the cache.
//   | index | argument                                    |    | function constant | meaning                              |
//   |-------|---------------------------------------------|    |-------------------|--------------------------------------|
//   | 0 1 2 | A, B, C                                     |    | 1 transpose_a     | A is handed over as K×M              |
//   | 3     | bias, N elements, if has_bias               |    | 2 transpose_b     | B is handed over as N×K              |
//   | 4     | TiledProblem                                |    | 10, 11, 12        | M, N, K are multiples of BM, BN, BK  |
//   |       |                                             |    | 13 vector_a       | lda and stride_a are multiples of 4  |
//   |       |                                             |    | 14 vector_b       | ldb and stride_b are multiples of 4  |
//   |       |                                             |    | 100…102           | see epilogue.h                       |
//   Valid shapes: all.
//   Sources: tiles of registers, V. Volkov and J. Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008; the
//   matrices, Metal Shading Language Specification, "SIMD-group matrix data types"; the swizzle, the grouped order of
//   P. Tillet, H. T. Kung and D. Cox, "Triton: an intermediate language and compiler for tiled neural network
//   computations", 2019, tutorial "Matrix Multiplication".
//   | counted at m=37,n=43,k=29                     | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2             | 9280       | 3182          | 444   | 252         | 52956             | 60             | 64       | 160           |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2             | 4640       | 3182          | 265   | 170         | 33500             | 60             | 16       | 140           |
//   | gemm_tiled_bm64_bn64_bk32_wm2_wn2_stages2     | 4640       | 3182          | 256   | 169         | 33500             | 60             | 8        | 140           |
//   | gemm_tiled_bm8_bn128_bk32_wm1_wn4             | 14616      | 3182          | 535   | 401         | 83164             | 60             | 40       | 160           |
//   | gemm_tiled_bm16_bn64_bk16_wm1_wn4             | 9628       | 3182          | 427   | 272         | 48860             | 60             | 48       | 160           |
//   | gemm_tiled_bm64_bn16_bk16_wm4_wn1             | 8932       | 3182          | 405   | 219         | 49372             | 60             | 48       | 150           |
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2_f32         | 18560      | 6364          | 555   | 252         | 91868             | 540            | 64       | 160           |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2_stages2_f32 | 9280       | 6364          | 333   | 170         | 52956             | 300            | 12       | 140           |
//
//   | counted at m=64,n=128,k=64,tB=1               | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2             | 65536      | 16384         | 2560  | 768         | 262144            | 256            | 256      | 1152          |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2             | 32768      | 16384         | 1280  | 512         | 163840            | 256            | 64       | 1088          |
//   | gemm_tiled_bm64_bn64_bk32_wm2_wn2_stages2     | 32768      | 16384         | 768   | 512         | 163840            | 256            | 24       | 1088          |
//   | gemm_tiled_bm8_bn128_bk32_wm1_wn4             | 139264     | 16384         | 2432  | 1344        | 368640            | 256            | 128      | 1088          |
//   | gemm_tiled_bm16_bn64_bk16_wm1_wn4             | 81920      | 16384         | 3072  | 896         | 278528            | 256            | 256      | 1152          |
//   | gemm_tiled_bm64_bn16_bk16_wm4_wn1             | 81920      | 16384         | 3072  | 896         | 278528            | 256            | 256      | 1152          |
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2_f32         | 131072     | 32768         | 2560  | 1280        | 458752            | 1280           | 256      | 1152          |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2_stages2_f32 | 65536      | 32768         | 1280  | 768         | 262144            | 768            | 40       | 1088          |
//
//   | counted at m=64,n=128,k=64,tA=1               | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2             | 65536      | 16384         | 1536  | 768         | 262144            | 256            | 256      | 1152          |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2             | 32768      | 16384         | 512   | 512         | 163840            | 256            | 64       | 1088          |
//   | gemm_tiled_bm64_bn64_bk32_wm2_wn2_stages2     | 32768      | 16384         | 512   | 512         | 163840            | 256            | 24       | 1088          |
//   | gemm_tiled_bm8_bn128_bk32_wm1_wn4             | 139264     | 16384         | 1792  | 1344        | 368640            | 256            | 128      | 1088          |
//   | gemm_tiled_bm16_bn64_bk16_wm1_wn4             | 81920      | 16384         | 1536  | 896         | 278528            | 256            | 256      | 1152          |
//   | gemm_tiled_bm64_bn16_bk16_wm4_wn1             | 81920      | 16384         | 1536  | 896         | 278528            | 256            | 256      | 1152          |
//   | gemm_tiled_bm32_bn32_bk16_wm2_wn2_f32         | 131072     | 32768         | 1536  | 1280        | 458752            | 1280           | 256      | 1152          |
//   | gemm_tiled_bm64_bn64_bk16_wm2_wn2_stages2_f32 | 65536      | 32768         | 768   | 768         | 262144            | 768            | 40       | 1088          |
#include "gemm/tile_loader.h"
#include "gemm/tile_product.h"

constant bool align_m_set [[function_constant(10)]];
constant bool align_n_set [[function_constant(11)]];
constant bool align_k_set [[function_constant(12)]];
constant bool vector_a_set [[function_constant(13)]];
constant bool vector_b_set [[function_constant(14)]];
constant bool align_m = is_function_constant_defined(align_m_set) ? align_m_set : false;
constant bool align_n = is_function_constant_defined(align_n_set) ? align_n_set : false;
constant bool align_k = is_function_constant_defined(align_k_set) ? align_k_set : false;
constant bool vector_a = is_function_constant_defined(vector_a_set) ? vector_a_set : false;
constant bool vector_b = is_function_constant_defined(vector_b_set) ? vector_b_set : false;

// Leading dimensions and strides between batch entries in elements.
struct TiledProblem {
  uint M, N, K;
  uint lda, ldb, ldc;
  float alpha, beta;
  ulong stride_a, stride_b, stride_c;
  uint swizzle;
};

template <typename T, ushort BM, ushort BN, ushort BK, ushort WM, ushort WN, ushort STAGES>
struct TiledGemm {
  static constexpr constant ushort THREADS = 32 * WM * WN;
  typedef TileProduct<T, BM / 8 / WM, BN / 8 / WN, WM> Product;
  typedef TileLoader<T, BM * BK, THREADS> LoaderA;
  typedef TileLoader<T, BN * BK, THREADS> LoaderB;
  // Either way round, whichever is more.
  static constexpr constant uint A_ELEMENTS = TileShape<T, BM, BK>::ELEMENTS > TileShape<T, BK, BM>::ELEMENTS ? TileShape<T, BM, BK>::ELEMENTS : TileShape<T, BK, BM>::ELEMENTS;
  static constexpr constant uint B_ELEMENTS = TileShape<T, BN, BK>::ELEMENTS > TileShape<T, BK, BN>::ELEMENTS ? TileShape<T, BN, BK>::ELEMENTS : TileShape<T, BK, BN>::ELEMENTS;
  static constexpr constant uint TILE_BYTES = STAGES * (A_ELEMENTS + B_ELEMENTS) * sizeof(T);
  static constexpr constant uint STAGE_BYTES = WM * WN * Product::STAGE * sizeof(float);
  // The epilogue has the memory of the tiles when they are done with.
  static constexpr constant uint BYTES = TILE_BYTES > STAGE_BYTES ? TILE_BYTES : STAGE_BYTES;
  static_assert(BYTES <= 32768, "a threadgroup has 32 KiB");
};

template <typename T, ushort BM, ushort BN, ushort BK, ushort WM, ushort WN, ushort STAGES>
[[kernel, max_total_threads_per_threadgroup(32 * WM * WN)]]
void gemm_tiled(device const T* A [[buffer(0)]],
                device const T* B [[buffer(1)]],
                device T* C [[buffer(2)]],
                device const T* bias [[buffer(3), function_constant(has_bias)]],
                constant TiledProblem& problem [[buffer(4)]],
                uint3 group [[threadgroup_position_in_grid]],
                ushort thread_index [[thread_index_in_threadgroup]],
                ushort simdgroup [[simdgroup_index_in_threadgroup]],
                ushort lane [[thread_index_in_simdgroup]]) {
  typedef TiledGemm<T, BM, BN, BK, WM, WN, STAGES> Gemm;
  threadgroup float4 memory[Gemm::BYTES / 16];
  threadgroup T* tiles = (threadgroup T*)memory;

  const uint M = problem.M, N = problem.N, K = problem.K;
  const uint row0 = ((group.y << problem.swizzle) + (group.x & ((1u << problem.swizzle) - 1))) * BM;
  const uint column0 = (group.x >> problem.swizzle) * BN;
  if (row0 >= M || column0 >= N) return;
  A += group.z * problem.stride_a + (transpose_a ? ulong(row0) : ulong(row0) * problem.lda);
  B += group.z * problem.stride_b + (transpose_b ? ulong(column0) * problem.ldb : ulong(column0));

  const bool is_whole_m = align_m || row0 + BM <= M, is_whole_n = align_n || column0 + BN <= N;
  typename Gemm::LoaderA loader_a = {problem.lda, ushort(transpose_a ? BM : BK), vector_a};
  typename Gemm::LoaderB loader_b = {problem.ldb, ushort(transpose_b ? BK : BN), vector_b};
  const ushort a_pitch = tile_pitch<T>(loader_a.columns), b_pitch = tile_pitch<T>(loader_b.columns);

  typename Gemm::Product product;
  product.begin(simdgroup, M - row0, N - column0);

  const uint steps = (K + BK - 1) / BK;
  for (uint step = 0; step < steps + (STAGES - 1); step++) {
    if (step < steps) {
      const uint k0 = step * BK, depth = K - k0;
      const bool is_whole_k = align_k || depth >= BK;
      loader_a.fetch(A + (transpose_a ? ulong(k0) * problem.lda : ulong(k0)), transpose_a ? depth : M - row0,
                     transpose_a ? M - row0 : depth, is_whole_m && is_whole_k, thread_index);
      loader_b.fetch(B + (transpose_b ? ulong(k0) : ulong(k0) * problem.ldb), transpose_b ? N - column0 : depth,
                     transpose_b ? depth : N - column0, is_whole_n && is_whole_k, thread_index);
    }
    // With two stages the tiles of the step before are multiplied while these are on their way.
    threadgroup T* mine = tiles + (STAGES == 2 && step % 2 == 1 ? Gemm::A_ELEMENTS + Gemm::B_ELEMENTS : 0);
    threadgroup T* other = tiles + (STAGES == 2 && step % 2 == 0 ? Gemm::A_ELEMENTS + Gemm::B_ELEMENTS : 0);
    if (STAGES == 2 && step > 0) product.template add<BK>(other, a_pitch, other + Gemm::A_ELEMENTS, b_pitch);
    if (step < steps) {
      loader_a.commit(mine, thread_index);
      loader_b.commit(mine + Gemm::A_ELEMENTS, thread_index);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (STAGES == 1) {
      product.template add<BK>(mine, a_pitch, mine + Gemm::A_ELEMENTS, b_pitch);
      // The next tiles must not overwrite what a slower simdgroup still reads.
      threadgroup_barrier(mem_flags::mem_threadgroup);
    }
  }

  const Output<T> out = {C + group.z * problem.stride_c, has_bias ? bias : nullptr, M, N, problem.ldc, problem.alpha, problem.beta};
  product.write(out, row0, column0, (threadgroup float*)memory + simdgroup * Gemm::Product::STAGE, lane);
}

template [[host_name("gemm_tiled_bm32_bn32_bk16_wm2_wn2")]] kernel decltype(gemm_tiled<half, 32, 32, 16, 2, 2, 1>) gemm_tiled<half, 32, 32, 16, 2, 2, 1>;
template [[host_name("gemm_tiled_bm64_bn64_bk16_wm2_wn2")]] kernel decltype(gemm_tiled<half, 64, 64, 16, 2, 2, 1>) gemm_tiled<half, 64, 64, 16, 2, 2, 1>;
template [[host_name("gemm_tiled_bm64_bn64_bk32_wm2_wn2_stages2")]] kernel decltype(gemm_tiled<half, 64, 64, 32, 2, 2, 2>) gemm_tiled<half, 64, 64, 32, 2, 2, 2>;
template [[host_name("gemm_tiled_bm8_bn128_bk32_wm1_wn4")]] kernel decltype(gemm_tiled<half, 8, 128, 32, 1, 4, 1>) gemm_tiled<half, 8, 128, 32, 1, 4, 1>;
template [[host_name("gemm_tiled_bm16_bn64_bk16_wm1_wn4")]] kernel decltype(gemm_tiled<half, 16, 64, 16, 1, 4, 1>) gemm_tiled<half, 16, 64, 16, 1, 4, 1>;
template [[host_name("gemm_tiled_bm64_bn16_bk16_wm4_wn1")]] kernel decltype(gemm_tiled<half, 64, 16, 16, 4, 1, 1>) gemm_tiled<half, 64, 16, 16, 4, 1, 1>;
template [[host_name("gemm_tiled_bm32_bn32_bk16_wm2_wn2_f32")]] kernel decltype(gemm_tiled<float, 32, 32, 16, 2, 2, 1>) gemm_tiled<float, 32, 32, 16, 2, 2, 1>;
template [[host_name("gemm_tiled_bm64_bn64_bk16_wm2_wn2_stages2_f32")]] kernel decltype(gemm_tiled<float, 64, 64, 16, 2, 2, 2>) gemm_tiled<float, 64, 64, 16, 2, 2, 2>;
