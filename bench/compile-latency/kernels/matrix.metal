// C = act(alpha · A·B + bias) + beta · C with 8×8 simdgroup matrices, 2×2 of them a simdgroup, tiles staged as half.
//
//   A: M×K, B: K×N half, C: M×N, bias: N float; row-major, dense
//   BM, BN, BK: a threadgroup's tile; SG_M × SG_N simdgroups; threadgroup memory: staged halves, then sums
//   | A B C bias | 0 1 2 3 | sizes | 4 |
#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;

constant constexpr uint BM = 32;
constant constexpr uint BN = 32;
constant constexpr uint BK = 16;
constant constexpr uint SG_M = 2;
constant constexpr uint SG_N = 2;
constant constexpr uint PAD = 4;
constant constexpr uint FRAGMENT = 8;
constant constexpr uint ROWS = BM / SG_M / FRAGMENT;
constant constexpr uint COLUMNS = BN / SG_N / FRAGMENT;
constant constexpr uint THREADS = SG_M * SG_N * 32;
constant constexpr float salt = SALT;

constant int activation [[function_constant(0)]];
constant bool has_activation = is_function_constant_defined(activation);

struct Sizes {
  uint M, N, K;
  uint lda, ldb, ldc;
  float alpha, beta;
};

static float activate(float x) {
  if (!has_activation) return x;
  if (activation == 1) return max(x, 0.0f);
  if (activation == 2) return 0.5f * x * (1.0f + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
  return x / (1.0f + exp(-x));
}

// Copies a piece of a matrix into threadgroup memory, four at a time where they lie together, zeros outside.
template <typename T, uint TILE_ROWS, uint TILE_COLUMNS>
struct Loader {
  static constant constexpr uint stride = TILE_COLUMNS + PAD;
  static constant constexpr uint step = 4;

  device const T* source;
  const uint rows, columns, leading;
  const uint thread_index;

  Loader(device const T* source_, uint rows_, uint columns_, uint leading_, uint thread_index_)
      : source(source_), rows(rows_), columns(columns_), leading(leading_), thread_index(thread_index_) {}

  void load(threadgroup T* tile, uint row0, uint column0) const {
    for (uint i = thread_index * step; i < TILE_ROWS * TILE_COLUMNS; i += THREADS * step) {
      const uint r = i / TILE_COLUMNS;
      const uint c = i % TILE_COLUMNS;
      const uint row = row0 + r;
      const uint column = column0 + c;
      if (row < rows && column + step <= columns) {
        for (uint e = 0; e < step; e++) tile[r * stride + c + e] = source[ulong(row) * leading + column + e];
      } else {
        for (uint e = 0; e < step; e++) {
          const bool is_valid = row < rows && column + e < columns;
          tile[r * stride + c + e] = is_valid ? source[ulong(row) * leading + column + e] : T(0);
        }
      }
    }
  }
};

// A simdgroup's outputs as ROWS×COLUMNS matrices of 8×8.
struct Block {
  simdgroup_float8x8 sums[ROWS][COLUMNS];

  void clear() thread {
    for (uint i = 0; i < ROWS; i++)
      for (uint j = 0; j < COLUMNS; j++) sums[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  }

  void multiply(threadgroup const half* a, threadgroup const half* b, uint a_stride, uint b_stride) thread {
    for (uint k = 0; k < BK; k += FRAGMENT) {
      simdgroup_half8x8 left[ROWS], right[COLUMNS];
      for (uint i = 0; i < ROWS; i++) simdgroup_load(left[i], a + i * FRAGMENT * a_stride + k, a_stride);
      for (uint j = 0; j < COLUMNS; j++) simdgroup_load(right[j], b + k * b_stride + j * FRAGMENT, b_stride);
      for (uint i = 0; i < ROWS; i++)
        for (uint j = 0; j < COLUMNS; j++) simdgroup_multiply_accumulate(sums[i][j], left[i], right[j], sums[i][j]);
    }
  }

  void store(threadgroup float* tile, uint stride) thread {
    for (uint i = 0; i < ROWS; i++)
      for (uint j = 0; j < COLUMNS; j++) simdgroup_store(sums[i][j], tile + i * FRAGMENT * stride + j * FRAGMENT, stride);
  }
};

[[max_total_threads_per_threadgroup(THREADS)]]
kernel void family_kernel(device const half* A [[buffer(0)]],
                          device const half* B [[buffer(1)]],
                          device float* C [[buffer(2)]],
                          device const float* bias [[buffer(3)]],
                          constant Sizes& sizes [[buffer(4)]],
                          uint3 group [[threadgroup_position_in_grid]],
                          uint thread_index [[thread_index_in_threadgroup]],
                          uint simdgroup [[simdgroup_index_in_threadgroup]]) {
  threadgroup half a_tile[BM * (BK + PAD)];
  threadgroup half b_tile[BK * (BN + PAD)];
  threadgroup float c_tile[BM * BN];
  const uint row0 = group.y * BM;
  const uint column0 = group.x * BN;
  const uint row = (simdgroup / SG_N) * ROWS * FRAGMENT;
  const uint column = (simdgroup % SG_N) * COLUMNS * FRAGMENT;
  const Loader<half, BM, BK> a_loader(A, sizes.M, sizes.K, sizes.lda, thread_index);
  const Loader<half, BK, BN> b_loader(B, sizes.K, sizes.N, sizes.ldb, thread_index);

  Block block;
  block.clear();
  for (uint k = 0; k < sizes.K; k += BK) {
    a_loader.load(a_tile, row0, k);
    b_loader.load(b_tile, k, column0);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    block.multiply(a_tile + row * (BK + PAD), b_tile + column, BK + PAD, BN + PAD);
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  block.store(c_tile + row * BN + column, BN);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint i = thread_index; i < BM * BN; i += THREADS) {
    const uint r = row0 + i / BN;
    const uint c = column0 + i % BN;
    if (r >= sizes.M || c >= sizes.N) continue;
    const ulong at = ulong(r) * sizes.ldc + c;
    const float before = sizes.beta == 0.0f ? 0.0f : sizes.beta * C[at];
    C[at] = activate(sizes.alpha * c_tile[i] + bias[c] + salt) + before;
  }
}
