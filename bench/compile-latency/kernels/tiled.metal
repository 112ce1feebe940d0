// C = act(alpha · A·B + bias) + beta · C through two staged tiles, TM×TN outputs a thread.
//
//   A: M×K, B: K×N, C: M×N, bias: N; row-major, dense, float
//   BM, BN, BK: a threadgroup's tile; threads: (BM/TM)·(BN/TN); threadgroup memory: (BM·(BK+1) + BK·BN)·4 bytes
//   | A B C bias | 0 1 2 3 | sizes | 4 |
#include <metal_stdlib>
using namespace metal;

constant constexpr uint BM = 32;
constant constexpr uint BN = 64;
constant constexpr uint BK = 16;
constant constexpr uint TM = 4;
constant constexpr uint TN = 4;
constant constexpr uint THREADS = (BM / TM) * (BN / TN);
constant constexpr float salt = SALT;

constant int activation [[function_constant(0)]];
constant bool has_activation = is_function_constant_defined(activation);

struct Sizes {
  uint M, N, K;
  uint lda, ldb, ldc;
  float alpha, beta;
};

struct Identity {
  float operator()(float x) const { return x; }
};

struct Relu {
  float operator()(float x) const { return max(x, 0.0f); }
};

struct Gelu {
  float operator()(float x) const {
    const float inner = 0.7978845608f * (x + 0.044715f * x * x * x);
    return 0.5f * x * (1.0f + tanh(inner));
  }
};

struct Silu {
  float operator()(float x) const { return x / (1.0f + exp(-x)); }
};

static float activate(float x) {
  if (!has_activation) return Identity()(x);
  switch (activation) {
    case 1: return Relu()(x);
    case 2: return Gelu()(x);
    case 3: return Silu()(x);
    default: return Identity()(x);
  }
}

// Copies a ROWS×COLUMNS piece of a matrix into threadgroup memory, zeros outside it. Every thread takes part.
template <uint ROWS, uint COLUMNS, uint STRIDE>
struct TileLoader {
  device const float* source;
  const uint rows, columns, stride;
  const uint thread_index;

  TileLoader(device const float* source_, uint rows_, uint columns_, uint stride_, uint thread_index_)
      : source(source_), rows(rows_), columns(columns_), stride(stride_), thread_index(thread_index_) {}

  void load(threadgroup float* tile, uint row0, uint column0) const {
    const bool is_inside = row0 + ROWS <= rows && column0 + COLUMNS <= columns;
    for (uint i = thread_index; i < ROWS * COLUMNS; i += THREADS) {
      const uint r = i / COLUMNS;
      const uint c = i % COLUMNS;
      if (is_inside) {
        tile[r * STRIDE + c] = source[ulong(row0 + r) * stride + column0 + c];
      } else {
        const bool is_valid = row0 + r < rows && column0 + c < columns;
        tile[r * STRIDE + c] = is_valid ? source[ulong(row0 + r) * stride + column0 + c] : 0.0f;
      }
    }
  }
};

// One thread's outputs.
struct Accumulator {
  float values[TM][TN];

  void clear() thread {
    for (uint i = 0; i < TM; i++)
      for (uint j = 0; j < TN; j++) values[i][j] = 0.0f;
  }

  void multiply(threadgroup const float* a, threadgroup const float* b, uint row, uint column) thread {
    for (uint k = 0; k < BK; k++) {
      float left[TM], right[TN];
      for (uint i = 0; i < TM; i++) left[i] = a[(row + i) * (BK + 1) + k];
      for (uint j = 0; j < TN; j++) right[j] = b[k * BN + column + j];
      for (uint i = 0; i < TM; i++)
        for (uint j = 0; j < TN; j++) values[i][j] = fma(left[i], right[j], values[i][j]);
    }
  }
};

static void store_tile(thread const Accumulator& sums, device float* C, device const float* bias,
                       constant Sizes& sizes, uint row0, uint column0) {
  for (uint i = 0; i < TM; i++) {
    const uint row = row0 + i;
    if (row >= sizes.M) break;
    for (uint j = 0; j < TN; j++) {
      const uint column = column0 + j;
      if (column >= sizes.N) break;
      const ulong at = ulong(row) * sizes.ldc + column;
      const float before = sizes.beta == 0.0f ? 0.0f : sizes.beta * C[at];
      C[at] = activate(sizes.alpha * sums.values[i][j] + bias[column] + salt) + before;
    }
  }
}

[[max_total_threads_per_threadgroup(THREADS)]]
kernel void family_kernel(device const float* A [[buffer(0)]],
                          device const float* B [[buffer(1)]],
                          device float* C [[buffer(2)]],
                          device const float* bias [[buffer(3)]],
                          constant Sizes& sizes [[buffer(4)]],
                          uint3 group [[threadgroup_position_in_grid]],
                          uint thread_index [[thread_index_in_threadgroup]]) {
  threadgroup float a_tile[BM * (BK + 1)];
  threadgroup float b_tile[BK * BN];
  A += ulong(group.z) * sizes.M * sizes.lda;
  B += ulong(group.z) * sizes.K * sizes.ldb;
  C += ulong(group.z) * sizes.M * sizes.ldc;

  const uint row0 = group.y * BM;
  const uint column0 = group.x * BN;
  const uint row = (thread_index / (BN / TN)) * TM;
  const uint column = (thread_index % (BN / TN)) * TN;
  const TileLoader<BM, BK, BK + 1> a_loader(A, sizes.M, sizes.K, sizes.lda, thread_index);
  const TileLoader<BK, BN, BN> b_loader(B, sizes.K, sizes.N, sizes.ldb, thread_index);

  Accumulator sums;
  sums.clear();
  for (uint k = 0; k < sizes.K; k += BK) {
    a_loader.load(a_tile, row0, k);
    b_loader.load(b_tile, k, column0);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sums.multiply(a_tile, b_tile, row, column);
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  store_tile(sums, C, bias, sizes, row0 + row, column0 + column);
}
