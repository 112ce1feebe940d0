#include "cpu/baseline/widened_gemm.h"

#include <algorithm>
#include <new>

#include "core/half.h"
#include "cpu/baseline/activation.h"

namespace klab::cpu {

namespace {

// A narrow block of B is at most 256 KB when widened, so that it is still in the second-level cache when it is multiplied.
// It is right for one row, and where the product of a block is so small (up to `small_product`) that OpenBLAS multiplies it
// without packing: 16 rows then take 0.65 of the time of wide blocks. Longer products pack A anew for every block of B, which
// wide blocks save: 64 rows take 0.83 to 0.96 of the time of narrow ones.
// One row by a B that is not transposed reads B row by row: blocks are wide and flat then, so that what is widened, and what
// OpenBLAS adds up, lies in long rows; narrow ones took 1.4 to 4 times as long from some hundred columns on.
constexpr size_t flat_from = 256, flat_limit = 2048, flat_block = 1 << 15;
constexpr size_t depth_limit = 1024, narrow_limit = 64, wide_limit = 224, row_limit = 512;
constexpr size_t small_product = 1000000;
constexpr size_t a_chunk = 1 << 14;

// A load whose address agrees with that of a store under way in its last 12 bits waits for it, and lines that do share a set
// of the first-level cache. So every part has a place of its own within a page, the same in every op: where malloc puts
// parts, two equal ops differed by 8 %. Steps of an odd number of lines meet again after 64 parts only.
constexpr size_t page = 4096, line = 64, step = 13 * line;
constexpr size_t large_page = size_t(2) << 20;

size_t round_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

size_t blocks(size_t total, size_t block) { return (total + block - 1) / block; }

bool is_flat(const klab_gemm_desc& gemm) { return gemm.m == 1 && !gemm.transpose_b && gemm.n >= flat_from; }

size_t columns_of(const klab_gemm_desc& gemm, size_t threads) {
  // As many blocks for one thread as for another.
  const auto even = [&](size_t limit) {
    const size_t count = blocks(blocks(gemm.n, limit), threads) * threads;
    return std::min<size_t>(gemm.n, round_up(blocks(gemm.n, count), 16));
  };
  if (is_flat(gemm)) return even(flat_limit);
  const size_t narrow_width = std::min<size_t>(gemm.n, narrow_limit);
  if (gemm.m == 1 || narrow_width * std::min<size_t>(gemm.k, depth_limit) * std::min<size_t>(gemm.m, row_limit) <= small_product) return narrow_width;
  return even(wide_limit);
}

size_t depth_of(const klab_gemm_desc& gemm, size_t columns) {
  return std::min<size_t>(gemm.k, is_flat(gemm) ? std::clamp<size_t>(flat_block / columns, 8, depth_limit) : depth_limit);
}

}  // namespace

WidenedGemm::WidenedGemm(const OpenBlas& blas, const klab_gemm_desc& gemm, unsigned threads)
    : blas_(blas),
      gemm_(gemm),
      row_block_(std::min<size_t>(gemm.m, row_limit)),
      column_block_(columns_of(gemm, threads)),
      depth_block_(depth_of(gemm, column_block_)) {
  lay_out(threads);
}

void WidenedGemm::lay_out(unsigned threads) {
  if (threads <= scratch_.size()) return;
  scratch_.resize(threads);
  std::vector<std::pair<std::span<float>*, size_t>> parts{{&a_, size_t(gemm_.m) * gemm_.k}, {&bias_, gemm_.has_bias ? gemm_.n : 0}};
  for (Scratch& scratch : scratch_) {
    parts.insert(parts.end(), {{&scratch.b, column_block_ * depth_block_}, {&scratch.c, row_block_ * column_block_}, {&scratch.row, column_block_}});
  }
  std::vector<size_t> places;
  size_t end = 0;
  for (const auto& [_, floats] : parts) {
    places.push_back(round_up(end, page) + places.size() * step % page);
    end = places.back() + floats * sizeof(float);
  }
  const size_t alignment = end < large_page ? page : large_page;
  memory_.reset(std::aligned_alloc(alignment, round_up(end, alignment)));
  if (!memory_) throw std::bad_alloc();
  for (size_t i = 0; i < parts.size(); i++) *parts[i].first = {reinterpret_cast<float*>(static_cast<char*>(memory_.get()) + places[i]), parts[i].second};
}

void WidenedGemm::widen(const uint16_t* in, float* out, size_t count) const {
  gemm_.dtype == KLAB_F16 ? widen_f16(in, out, count) : widen_bf16(in, out, count);
}

void WidenedGemm::narrow(const float* in, uint16_t* out, size_t count) const {
  gemm_.dtype == KLAB_F16 ? narrow_f16(in, out, count) : narrow_bf16(in, out, count);
}

void WidenedGemm::widen_a(const uint16_t* a, const Team& team) {
  team.share(blocks(a_.size(), a_chunk), [&](uint64_t chunk, unsigned) {
    const size_t first = chunk * a_chunk;
    widen(a + first, &a_[first], std::min(a_chunk, a_.size() - first));
  });
}

// Keeps the layout of B: rows of the block are its rows.
void WidenedGemm::widen_b(const uint16_t* b, const Block& block, float* out) const {
  const auto& [_, columns, depth] = block;
  const size_t stride = gemm_.transpose_b ? gemm_.k : gemm_.n;
  const Range rows = gemm_.transpose_b ? columns : depth, inner = gemm_.transpose_b ? depth : columns;
  for (size_t i = 0; i < rows.count; i++) widen(b + (rows.first + i) * stride + inner.first, out + i * inner.count, inner.count);
}

void WidenedGemm::multiply_block(const Block& block, Scratch& scratch) const {
  const auto& [rows, columns, depth] = block;
  const int m = static_cast<int>(rows.count), n = static_cast<int>(columns.count), k = static_cast<int>(depth.count);
  const float keep = depth.first == 0 ? 0.0f : 1.0f;
  const size_t a_first = gemm_.transpose_a ? depth.first * gemm_.m + rows.first : rows.first * gemm_.k + depth.first;
  const float* a = &a_[a_first];
  if (gemm_.m == 1) {
    // Some versions scale the old vector by 0 instead of overwriting it, which keeps a NaN.
    if (keep == 0.0f) std::fill_n(scratch.c.begin(), columns.count, 0.0f);
    if (gemm_.transpose_b) {
      blas_.sgemv(row_major, no_transpose, n, k, 1.0f, scratch.b.data(), k, a, 1, keep, scratch.c.data(), 1);
    } else {
      blas_.sgemv(row_major, transpose, k, n, 1.0f, scratch.b.data(), n, a, 1, keep, scratch.c.data(), 1);
    }
    return;
  }
  const CblasTranspose ta = gemm_.transpose_a ? transpose : no_transpose, tb = gemm_.transpose_b ? transpose : no_transpose;
  const int lda = static_cast<int>(gemm_.transpose_a ? gemm_.m : gemm_.k), ldb = gemm_.transpose_b ? k : n;
  blas_.sgemm(row_major, ta, tb, m, n, k, 1.0f, a, lda, scratch.b.data(), ldb, keep, scratch.c.data(), n);
}

void WidenedGemm::store_block(uint16_t* c, const Block& block, Scratch& scratch) const {
  const auto& [rows, columns, _] = block;
  const auto alpha = static_cast<float>(gemm_.alpha), beta = static_cast<float>(gemm_.beta);
  for (size_t i = 0; i < rows.count; i++) {
    float* sums = &scratch.c[i * columns.count];
    uint16_t* out = c + (rows.first + i) * gemm_.n + columns.first;
    if (gemm_.has_bias) {
      for (size_t j = 0; j < columns.count; j++) sums[j] += bias_[columns.first + j];
    }
    if (alpha != 1.0f) {
      for (size_t j = 0; j < columns.count; j++) sums[j] *= alpha;
    }
    if (beta != 0.0f) {
      widen(out, scratch.row.data(), columns.count);
      for (size_t j = 0; j < columns.count; j++) sums[j] += beta * scratch.row[j];
    }
    activate(gemm_.activation, sums, columns.count);
    narrow(sums, out, columns.count);
  }
}

void WidenedGemm::compute_block(const uint16_t* b, Block block, Scratch& scratch) const {
  for (size_t first = 0; first < gemm_.k; first += depth_block_) {
    block.depth = {first, std::min<size_t>(depth_block_, gemm_.k - first)};
    widen_b(b, block, scratch.b.data());
    multiply_block(block, scratch);
  }
}

void WidenedGemm::run(const GemmOperands& operands, const Team& team) {
  lay_out(team.threads());
  const size_t m = gemm_.m, n = gemm_.n, k = gemm_.k;
  const auto* a = static_cast<const uint16_t*>(operands.a);
  const auto* b = static_cast<const uint16_t*>(operands.b);
  auto* c = static_cast<uint16_t*>(operands.c);
  if (gemm_.has_bias) widen(static_cast<const uint16_t*>(operands.bias), bias_.data(), n);
  const size_t row_blocks = blocks(m, row_block_), column_blocks = blocks(n, column_block_);
  for (uint32_t batch = 0; batch < gemm_.batch; batch++, a += m * k, b += k * n, c += m * n) {
    widen_a(a, team);
    team.share(row_blocks * column_blocks, [&](uint64_t task, unsigned thread) {
      const size_t row = task / column_blocks * row_block_, column = task % column_blocks * column_block_;
      const Block block{{row, std::min(row_block_, m - row)}, {column, std::min(column_block_, n - column)}, {}};
      compute_block(b, block, scratch_[thread]);
      store_block(c, block, scratch_[thread]);
    });
  }
}

}  // namespace klab::cpu
