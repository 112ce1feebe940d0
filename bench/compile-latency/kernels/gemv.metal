// y = act(x · Wᵀ + bias) for one row, half weights with a scale a block: a simdgroup takes ROWS rows of W at a time.
//
//   x: K half, W: N×K int8 with one half scale for BLOCK weights, y: N float, bias: N float
//   threads: 32 · SIMDGROUPS; threadgroup memory: SIMDGROUPS · ROWS floats
//   | x W C bias | 0 1 2 3 | sizes | 4 | scales: behind W
#include <metal_stdlib>
using namespace metal;

constant constexpr uint SIMDGROUPS = 4;
constant constexpr uint ROWS = 4;
constant constexpr uint BLOCK = 32;
constant constexpr uint WIDTH = 32;
constant constexpr uint PIECE = 4;
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

// A block of quantised weights as it lies in memory.
struct Block {
  half scale;
  half minimum;
  uchar quants[BLOCK / 2];
};

static float4 unpack(device const Block& block, uint first) {
  const uint byte = first / 2;
  const uchar low = block.quants[byte];
  const uchar high = block.quants[byte + 1];
  const float4 quants = float4(low & 15, low >> 4, high & 15, high >> 4);
  return quants * float(block.scale) + float(block.minimum);
}

template <typename T>
struct Row;

template <>
struct Row<half> {
  device const half* data;
  float4 piece(uint k) const { return float4(*(device const half4*)(data + k)); }
  float one(uint k) const { return float(data[k]); }
};

template <>
struct Row<Block> {
  device const Block* data;
  float4 piece(uint k) const { return unpack(data[k / BLOCK], k % BLOCK); }
  float one(uint k) const {
    device const Block& block = data[k / BLOCK];
    const uchar pair = block.quants[(k % BLOCK) / 2];
    return float(k % 2 ? pair >> 4 : pair & 15) * float(block.scale) + float(block.minimum);
  }
};

// This lane's share of the dot products of ROWS rows with x.
template <typename T>
static void partial_dots(device const half* x, device const T* weights, uint row0, uint rows, uint K, uint stride,
                         uint lane, thread float* sums) {
  Row<T> matrix[ROWS];
  for (uint r = 0; r < ROWS; r++) {
    const uint row = min(row0 + r, rows - 1);
    matrix[r].data = weights + ulong(row) * stride;
    sums[r] = 0;
  }
  const uint whole = K / PIECE * PIECE;
  for (uint k = lane * PIECE; k < whole; k += WIDTH * PIECE) {
    const float4 a = float4(*(device const half4*)(x + k));
    for (uint r = 0; r < ROWS; r++) sums[r] += dot(a, matrix[r].piece(k));
  }
  for (uint k = whole + lane; k < K; k += WIDTH) {
    const float a = x[k];
    for (uint r = 0; r < ROWS; r++) sums[r] = fma(a, matrix[r].one(k), sums[r]);
  }
}

template <typename T>
static void gemv(device const half* x, device const T* weights, device float* y, device const float* bias,
                 constant Sizes& sizes, threadgroup float* shared, uint3 group, uint simdgroup, uint lane) {
  const uint row0 = (group.x * SIMDGROUPS + simdgroup) * ROWS;
  float sums[ROWS];
  partial_dots<T>(x + ulong(group.y) * sizes.lda, weights, row0, sizes.N, sizes.K, sizes.ldb, lane, sums);
  for (uint r = 0; r < ROWS; r++) {
    const float total = simd_sum(sums[r]);
    if (lane == 0) shared[simdgroup * ROWS + r] = total;
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (lane >= ROWS) return;
  const uint row = row0 + lane;
  if (row >= sizes.N) return;
  const ulong at = ulong(group.y) * sizes.ldc + row;
  const float before = sizes.beta == 0.0f ? 0.0f : sizes.beta * y[at];
  y[at] = activate(sizes.alpha * shared[simdgroup * ROWS + lane] + bias[row] + salt) + before;
}

[[max_total_threads_per_threadgroup(SIMDGROUPS * WIDTH)]]
kernel void family_kernel(device const half* x [[buffer(0)]],
                          device const half* W [[buffer(1)]],
                          device float* y [[buffer(2)]],
                          device const float* bias [[buffer(3)]],
                          constant Sizes& sizes [[buffer(4)]],
                          uint3 group [[threadgroup_position_in_grid]],
                          uint simdgroup [[simdgroup_index_in_threadgroup]],
                          uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float shared[SIMDGROUPS * ROWS];
  gemv<half>(x, W, y, bias, sizes, shared, group, simdgroup, lane);
}

[[max_total_threads_per_threadgroup(SIMDGROUPS * WIDTH)]]
kernel void family_kernel_quantised(device const half* x [[buffer(0)]],
                                    device const Block* W [[buffer(1)]],
                                    device float* y [[buffer(2)]],
                                    device const float* bias [[buffer(3)]],
                                    constant Sizes& sizes [[buffer(4)]],
                                    uint3 group [[threadgroup_position_in_grid]],
                                    uint simdgroup [[simdgroup_index_in_threadgroup]],
                                    uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float shared[SIMDGROUPS * ROWS];
  gemv<Block>(x, W, y, bias, sizes, shared, group, simdgroup, lane);
}
