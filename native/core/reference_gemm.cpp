// klab_reference_gemm: the float64 truth that kernels are judged by.
//
// Operands of at most 32 bits are exact in float64, and so are their products up to 53 bits (all of f16 and bf16, f32
// within half an ULP). A sum of k products is accumulated in 8 interleaved partial sums per block of k, so its relative
// error against the magnitude is below (k/8 + k/block + 4) · 2^-53: under 2^-38 for every k up to 2^17, some 2^15 times
// below one rounding of a float. The order of the sums does not depend on the machine or on the number of threads.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "core/boundary.h"
#include "core/gemm.h"
#include "core/half.h"

namespace klab {

namespace {

constexpr uint32_t tile_rows = 32, tile_columns = 32, tile_depth = 2048;

// Four doubles; compilers lower it to what the processor has without changing a single rounding.
typedef double Lanes __attribute__((vector_size(32), aligned(8), may_alias));

struct Problem {
  klab_gemm_desc gemm;
  const void *a, *b, *bias, *c0;
  double *c, *magnitude;
};

struct Elements {
  uint32_t dtype;
  const void* data;
  size_t first, count;
};

// The elements as doubles. `scratch` has room for as many floats.
void load(const Elements& in, double* out, float* scratch) {
  if (in.dtype == KLAB_F64) {
    std::copy_n(static_cast<const double*>(in.data) + in.first, in.count, out);
    return;
  }
  const float* floats = scratch;
  if (in.dtype == KLAB_F32) {
    floats = static_cast<const float*>(in.data) + in.first;
  } else if (in.dtype == KLAB_F16) {
    widen_f16(static_cast<const uint16_t*>(in.data) + in.first, scratch, in.count);
  } else {
    widen_bf16(static_cast<const uint16_t*>(in.data) + in.first, scratch, in.count);
  }
  for (size_t i = 0; i < in.count; i++) out[i] = floats[i];
}

struct Matrix {
  const void* data;
  uint32_t dtype;
  size_t offset, stride;     // of the stored rows
  bool is_depth_contiguous;  // the axis that is summed over lies within a stored row
};

struct Panel {
  std::vector<double> values = std::vector<double>(size_t(tile_rows) * tile_depth);
  std::vector<double> row = std::vector<double>(tile_depth);
  std::vector<float> scratch = std::vector<float>(tile_depth);
};

struct Span {
  uint32_t first, count;
};

struct Block {
  Span lines, depth;
};

// The block's lines along the summed axis, each contiguous and tile_depth apart.
void pack(const Matrix& matrix, const Block& block, Panel& panel) {
  const auto [lines, depth] = block;
  if (matrix.is_depth_contiguous) {
    for (uint32_t i = 0; i < lines.count; i++) {
      const size_t first = matrix.offset + (lines.first + size_t(i)) * matrix.stride + depth.first;
      load({matrix.dtype, matrix.data, first, depth.count}, &panel.values[size_t(i) * tile_depth], panel.scratch.data());
    }
    return;
  }
  for (uint32_t k = 0; k < depth.count; k++) {
    const size_t first = matrix.offset + (depth.first + size_t(k)) * matrix.stride + lines.first;
    load({matrix.dtype, matrix.data, first, lines.count}, panel.row.data(), panel.scratch.data());
    for (uint32_t i = 0; i < lines.count; i++) panel.values[size_t(i) * tile_depth + k] = panel.row[i];
  }
}

struct Sums {
  double value = 0, magnitude = 0;
};

__attribute__((always_inline)) inline void add_dot(const double* a, const double* b, uint32_t count, Sums& sums) {
  Lanes sum[2] = {}, size[2] = {};
  uint32_t k = 0;
  for (; k + 8 <= count; k += 8) {
    for (int half = 0; half < 2; half++) {
      const Lanes product = *reinterpret_cast<const Lanes*>(a + k + 4 * half) * *reinterpret_cast<const Lanes*>(b + k + 4 * half);
      sum[half] += product;
      size[half] += product < 0 ? -product : product;
    }
  }
  double value = 0, magnitude = 0;
  for (; k < count; k++) {
    value += a[k] * b[k];
    magnitude += std::fabs(a[k] * b[k]);
  }
  for (int lane = 0; lane < 4; lane++) {
    value += sum[0][lane] + sum[1][lane];
    magnitude += size[0][lane] + size[1][lane];
  }
  sums.value += value;
  sums.magnitude += magnitude;
}

void add_dot_portable(const double* a, const double* b, uint32_t count, Sums& sums) { add_dot(a, b, count, sums); }

#if defined(__x86_64__)
// The same operations in wider registers. Without FMA, which would round differently.
__attribute__((target("avx2"))) void add_dot_avx2(const double* a, const double* b, uint32_t count, Sums& sums) { add_dot(a, b, count, sums); }
const auto dot = __builtin_cpu_supports("avx2") ? add_dot_avx2 : add_dot_portable;
#else
constexpr auto dot = add_dot_portable;
#endif

struct Workspace {
  Panel a, b;
  Sums sums[tile_rows * tile_columns];
};

// What is not a number stays so. Where e^… is infinite the quotient is the 0 that it should be.
double activated(uint32_t activation, double x) {
  switch (activation) {
    case KLAB_ACT_RELU: return x < 0 ? 0 : x;
    // x/2 · (1 + tanh u) = x / (1 + e^−2u), without the cancellation that 1 + tanh u has for negative u; 2·√(2/π).
    case KLAB_ACT_GELU: return x / (1 + std::exp(-1.5957691216057308 * (x + 0.044715 * x * x * x)));
    case KLAB_ACT_SILU: return x / (1 + std::exp(-x));
    default: return x;
  }
}

double element(const Problem& problem, const void* data, size_t index) {
  double value;
  float scratch;
  load({problem.gemm.dtype, data, index, 1}, &value, &scratch);
  return value;
}

struct Tile {
  uint32_t batch;
  Span rows, columns;
};

void store_tile(const Problem& problem, const Tile& tile, const Workspace& work) {
  const klab_gemm_desc& gemm = problem.gemm;
  const auto [batch, rows, columns] = tile;
  for (uint32_t i = 0; i < rows.count; i++) {
    for (uint32_t j = 0; j < columns.count; j++) {
      const Sums& sums = work.sums[i * tile_columns + j];
      const uint32_t column = columns.first + j;
      const size_t index = (size_t(batch) * gemm.m + rows.first + i) * gemm.n + column;
      const double bias = gemm.has_bias ? element(problem, problem.bias, column) : 0;
      const double before = gemm.beta != 0 ? gemm.beta * element(problem, problem.c0, index) : 0;
      problem.c[index] = activated(gemm.activation, gemm.alpha * (sums.value + bias) + before);
      if (problem.magnitude) problem.magnitude[index] = std::fabs(gemm.alpha) * (sums.magnitude + std::fabs(bias)) + std::fabs(before);
    }
  }
}

void compute_tile(const Problem& problem, const Tile& tile, Workspace& work) {
  const klab_gemm_desc& gemm = problem.gemm;
  const auto [batch, rows, columns] = tile;
  const size_t m = gemm.m, n = gemm.n, k = gemm.k;
  const Matrix a{problem.a, gemm.dtype, batch * m * k, gemm.transpose_a ? m : k, !gemm.transpose_a};
  const Matrix b{problem.b, gemm.dtype, batch * k * n, gemm.transpose_b ? k : n, gemm.transpose_b != 0};
  std::fill(std::begin(work.sums), std::end(work.sums), Sums{});
  for (uint32_t first = 0; first < gemm.k; first += tile_depth) {
    const Span depth{first, std::min(tile_depth, gemm.k - first)};
    pack(a, {rows, depth}, work.a);
    pack(b, {columns, depth}, work.b);
    for (uint32_t i = 0; i < rows.count; i++) {
      for (uint32_t j = 0; j < columns.count; j++) {
        dot(&work.a.values[size_t(i) * tile_depth], &work.b.values[size_t(j) * tile_depth], depth.count, work.sums[i * tile_columns + j]);
      }
    }
  }
  store_tile(problem, tile, work);
}

void compute(const Problem& problem) {
  const klab_gemm_desc& gemm = problem.gemm;
  const uint64_t row_tiles = (uint64_t(gemm.m) + tile_rows - 1) / tile_rows;
  const uint64_t column_tiles = (uint64_t(gemm.n) + tile_columns - 1) / tile_columns;
  const uint64_t tiles = row_tiles * column_tiles * gemm.batch;
  std::atomic<uint64_t> next{0};
  const auto work_on = [&](Workspace& work) {
    for (uint64_t index; (index = next.fetch_add(1)) < tiles;) {
      const auto row = static_cast<uint32_t>(index % row_tiles) * tile_rows;
      const auto column = static_cast<uint32_t>(index / row_tiles % column_tiles) * tile_columns;
      const auto batch = static_cast<uint32_t>(index / row_tiles / column_tiles);
      compute_tile(problem, {batch, {row, std::min(tile_rows, gemm.m - row)}, {column, std::min(tile_columns, gemm.n - column)}}, work);
    }
  };
  const bool is_small = double(gemm.m) * gemm.n * gemm.k * gemm.batch < 1 << 18;
  const uint64_t threads = is_small ? 1 : std::min<uint64_t>(std::max(1u, std::thread::hardware_concurrency()), tiles);
  std::vector<Workspace> workspaces(threads);
  std::vector<std::jthread> others;
  for (uint64_t i = 1; i < threads; i++) others.emplace_back([&, i] { work_on(workspaces[i]); });
  work_on(workspaces[0]);
}

Error check_problem(const Problem& problem) {
  const uint32_t dtype = problem.gemm.dtype;
  if (dtype != KLAB_F16 && dtype != KLAB_BF16 && dtype != KLAB_F32 && dtype != KLAB_F64) {
    return {KLAB_UNSUPPORTED, format("the reference computes f16, bf16, f32 and f64, not %s", scalar_name(dtype))};
  }
  if (!problem.a || !problem.b || !problem.c) return invalid("klab_reference_gemm: a, b and c must not be NULL");
  if (problem.gemm.has_bias && !problem.bias) return invalid("klab_reference_gemm: has_bias is set but bias is NULL");
  if (problem.gemm.beta != 0 && !problem.c0) return invalid("klab_reference_gemm: beta is not 0 but c0 is NULL");
  return {};
}

}  // namespace

}  // namespace klab

using namespace klab;

extern "C" klab_status klab_reference_gemm(const klab_gemm_desc* desc, const void* a, const void* b, const void* bias, const void* c0, double* c, double* magnitude, klab_error* error) {
  return boundary(error, [&]() -> Error {
    Problem problem{{}, a, b, bias, c0, c, magnitude};
    if (Error failure = read_gemm(desc, problem.gemm)) return failure;
    if (Error failure = check_problem(problem)) return failure;
    compute(problem);
    return {};
  });
}
