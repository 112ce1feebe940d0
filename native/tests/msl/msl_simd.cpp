// simd_* and quad_* in full, partial and divergent simdgroups, against loops over the lanes.
#include "msl/msl.h"

#include <vector>

#include "kernel_fixture.h"

using namespace klab_test;
using namespace metal;

namespace {

constexpr uint rows = 64, sizes[] = {32, 1, 5, 31, 33, 64, 100, 1024};

// Which lanes of the thread's simdgroup take part.
struct Lanes {
  uint lane, mask;
  bool has(uint i) const { return i < 32 && (mask >> i & 1); }
};
Lanes lanes_of(const klab_threadgroup* group, uint index) {
  const uint first = index / 32 * 32, left = group->thread_count - first;
  return {index % 32, left >= 32 ? ~0u : (1u << left) - 1};
}

// Distinct, small and exactly summable.
template <class T> T value_of(uint lane) { return T(int(lane * 7 % 13) - 5); }
template <> uint value_of<uint>(uint lane) { return lane * 2654435761u; }
template <> ulong value_of<ulong>(uint lane) { return lane * 11400714819323198485ul; }
template <> uchar value_of<uchar>(uint lane) { return uchar(lane * 37u); }
template <> float2 value_of<float2>(uint lane) { return float2(float(lane), float(lane % 5)); }
template <> half4 value_of<half4>(uint lane) { return half4(half(int(lane % 4)), half(int(lane % 3)), half(1), half(int(lane % 2))); }
template <> long4 value_of<long4>(uint lane) { return long4(long(lane), -long(lane), 1l << lane, 5l); }

template <class T> bool same(const T& a, const T& b) {
  if constexpr (klab_msl::Vector<T>) return all(a == b);
  else return a == b;
}

// Fails with the row's name and lane by counting in a cell of its own.
struct Report {
  std::atomic<uint32_t> wrong[rows] = {};
};
#define EXPECT(row, condition) \
  do {                         \
    if (!(condition)) report.wrong[row]++; \
  } while (0)

template <class T, class F> T fold(Lanes l, T start, F f) {
  for (uint i = 0; i < 32; i++)
    if (l.has(i)) start = f(start, value_of<T>(i));
  return start;
}
template <class T> T value_or_own(Lanes l, uint i) { return l.has(i) ? value_of<T>(i) : value_of<T>(l.lane); }

template <class T> void shuffles(Report& report, Lanes l, uint row) {
  const T mine = value_of<T>(l.lane);
  for (uint k = 0; k < 32; k += 3) {
    EXPECT(row, same(simd_shuffle(mine, ushort((l.lane * 5 + k) % 32)), value_or_own<T>(l, (l.lane * 5 + k) % 32)));
    EXPECT(row, same(simd_shuffle_xor(mine, ushort(k)), value_or_own<T>(l, l.lane ^ k)));
    EXPECT(row, same(simd_shuffle_down(mine, ushort(k)), value_or_own<T>(l, l.lane + k)));
    EXPECT(row, same(simd_shuffle_up(mine, ushort(k)), l.lane >= k ? value_or_own<T>(l, l.lane - k) : mine));
    EXPECT(row, same(simd_shuffle_rotate_down(mine, ushort(k)), value_or_own<T>(l, (l.lane + k) % 32)));
    EXPECT(row, same(simd_shuffle_rotate_up(mine, ushort(k)), value_or_own<T>(l, (l.lane + 32 - k) % 32)));
    EXPECT(row, same(simd_broadcast(mine, ushort(k)), value_or_own<T>(l, k)));
  }
  EXPECT(row, same(simd_broadcast_first(mine), value_of<T>(uint(__builtin_ctz(l.mask)))));
}

template <class T> void sums(Report& report, Lanes l, uint row) {
  const T mine = value_of<T>(l.lane);
  EXPECT(row, same(simd_sum(mine), fold(l, T(0), [](T a, T b) { return T(a + b); })));
  T before = T(0);
  for (uint i = 0; i < l.lane; i++)
    if (l.has(i)) before = T(before + value_of<T>(i));
  EXPECT(row, same(simd_prefix_exclusive_sum(mine), before));
  EXPECT(row, same(simd_prefix_inclusive_sum(mine), T(before + mine)));
}

template <class T> void extremes(Report& report, Lanes l, uint row) {
  const T mine = value_of<T>(l.lane), start = value_of<T>(uint(__builtin_ctz(l.mask)));
  EXPECT(row, same(simd_min(mine), fold(l, start, [](T a, T b) { return b < a ? b : a; })));
  EXPECT(row, same(simd_max(mine), fold(l, start, [](T a, T b) { return a < b ? b : a; })));
}

void bits_and_products(Report& report, Lanes l, uint row) {
  const uint mine = value_of<uint>(l.lane);
  EXPECT(row, simd_and(mine) == fold(l, ~0u, [](uint a, uint b) { return a & b; }));
  EXPECT(row, simd_or(mine) == fold(l, 0u, [](uint a, uint b) { return a | b; }));
  EXPECT(row, simd_xor(mine) == fold(l, 0u, [](uint a, uint b) { return a ^ b; }));
  const float two = l.lane % 3 ? 1.0f : 2.0f;
  float product = 1, before = 1;
  for (uint i = 0; i < 32; i++) {
    if (!l.has(i)) continue;
    if (i < l.lane) before *= i % 3 ? 1.0f : 2.0f;
    product *= i % 3 ? 1.0f : 2.0f;
  }
  EXPECT(row, simd_product(two) == product && simd_prefix_exclusive_product(two) == before && simd_prefix_inclusive_product(two) == before * two);
}

void votes(Report& report, Lanes l, uint row) {
  const bool odd = l.lane & 1;
  EXPECT(row, simd_any(odd) == ((l.mask & 0xaaaaaaaau) != 0) && simd_all(odd) == ((l.mask & 0x55555555u) == 0));
  EXPECT(row, simd_all(true) && !simd_any(false));
  EXPECT(row, ulong(simd_ballot(odd)) == (l.mask & 0xaaaaaaaau));
  EXPECT(row, ulong(simd_active_threads_mask()) == l.mask);
  EXPECT(row, simd_is_first() == (l.lane == uint(__builtin_ctz(l.mask))));
}

void fills(Report& report, Lanes l, uint row) {
  const int mine = int(l.lane), fill = 100 + int(l.lane);
  for (ushort modulo : {ushort(32), ushort(16), ushort(8)})
    for (ushort delta : {ushort(1), ushort(3), ushort(7)}) {
      const uint at = l.lane % modulo, base = l.lane - at;
      const uint up = at >= delta ? l.lane - delta : base + at + modulo - delta, down = at + delta < modulo ? l.lane + delta : base + at + delta - modulo;
      const int expected_up = l.has(up) ? (at >= delta ? int(up) : 100 + int(up)) : (at >= delta ? mine : fill);
      const int expected_down = l.has(down) ? (at + delta < modulo ? int(down) : 100 + int(down)) : (at + delta < modulo ? mine : fill);
      EXPECT(row, simd_shuffle_and_fill_up(mine, fill, delta, modulo) == expected_up);
      EXPECT(row, simd_shuffle_and_fill_down(mine, fill, delta, modulo) == expected_down);
    }
}

void quads(Report& report, Lanes l, uint row) {
  const int mine = value_of<int>(l.lane);
  const uint base = l.lane & ~3u;
  int sum = 0, product = 1, low = 1000, before = 0;
  uint ballot = 0;
  for (uint i = base; i < base + 4; i++) {
    if (!l.has(i)) continue;
    const int v = value_of<int>(i);
    sum += v, product *= v, low = v < low ? v : low, before += i < l.lane ? v : 0, ballot |= uint(v > 0) << (i - base);
  }
  EXPECT(row, quad_sum(mine) == sum && quad_product(mine) == product && quad_min(mine) == low && quad_prefix_exclusive_sum(mine) == before);
  EXPECT(row, quad_prefix_inclusive_sum(mine) == before + mine && quad_any(mine > 0) == (ballot != 0));
  EXPECT(row, ushort(quad_ballot(mine > 0)) == ballot && quad_is_first() == (l.lane == uint(__builtin_ctz(l.mask & 0xfu << base))));
  for (uint k = 0; k < 4; k++) {
    EXPECT(row, quad_broadcast(mine, ushort(k)) == value_or_own<int>(l, base + k) && quad_shuffle_xor(mine, ushort(k)) == value_or_own<int>(l, l.lane ^ k));
    EXPECT(row, quad_shuffle_down(mine, ushort(k)) == (l.lane - base + k < 4 ? value_or_own<int>(l, l.lane + k) : mine));
    EXPECT(row, quad_shuffle_up(mine, ushort(k)) == (l.lane - base >= k ? value_or_own<int>(l, l.lane - k) : mine));
    EXPECT(row, quad_shuffle_rotate_down(mine, ushort(k)) == value_or_own<int>(l, base + (l.lane - base + k) % 4));
  }
}

void everything(Report& report, Lanes l) {
  shuffles<int>(report, l, 0), shuffles<half>(report, l, 1), shuffles<float2>(report, l, 2), shuffles<long4>(report, l, 3);
  shuffles<uchar>(report, l, 4), shuffles<ulong>(report, l, 5), shuffles<bfloat>(report, l, 6);
  sums<int>(report, l, 7), sums<uint>(report, l, 8), sums<float>(report, l, 9), sums<half>(report, l, 10), sums<float2>(report, l, 11);
  sums<half4>(report, l, 12), sums<ulong>(report, l, 13), sums<bfloat>(report, l, 14), sums<short>(report, l, 15);
  extremes<int>(report, l, 16), extremes<float>(report, l, 17), extremes<half>(report, l, 18), extremes<uint>(report, l, 19), extremes<uchar>(report, l, 20);
  bits_and_products(report, l, 21), votes(report, l, 22), fills(report, l, 23), quads(report, l, 24);
}

void kernel_everything(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  everything(*data<Report>(launch), lanes_of(group, index));
}

// The same in a branch that only some lanes take, then again by all.
void kernel_divergent(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  Report& report = *data<Report>(launch);
  Lanes whole = lanes_of(group, index);
  if (whole.lane % 3 == 1) {
    everything(report, {whole.lane, whole.mask & 0x92492492u});
  } else if (whole.lane > 20) {
    everything(report, {whole.lane, whole.mask & ~0x92492492u & ~0x1fffffu});
  }
  sums<int>(report, whole, 40);
  votes(report, whole, 41);
}

}  // namespace
namespace {
void check_all(klab_thread_fn body) {
  const klab_kernel_desc k = kernel(body);
  for (uint threads : sizes) {
    Report report;
    CHECK_EQ(run(launch(k, 2, threads, &report), 2).message, "");
    for (uint row = 0; row < rows; row++)
      check(report.wrong[row] == 0, __FILE__, __LINE__, show(report.wrong[row].load()) + " wrong in row " + show(row) + " of " + show(threads) + " threads");
  }
}

}  // namespace

TEST(all_functions_in_full_and_partial_simdgroups) { check_all(kernel_everything); }
TEST(all_functions_in_branches) { check_all(kernel_divergent); }

namespace {
// What an optimiser may do to calls around a branch must not change who meets whom.
void around_branches(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  Report& report = *data<Report>(launch);
  const uint lane = index % 32;
  float x = float(lane);
  if (lane == 0) x += 100.0f;  // jump threading would give lane 0 its own copy of what follows
  const float sum = simd_sum(x);
  EXPECT(0, sum == 596.0f);
  if (lane == 0) EXPECT(1, simd_shuffle_down(sum, 1) == sum);  // alone
  // Two calls that look alike, in the two arms of a branch: one after hoisting, if that were allowed.
  const float part = lane < 10 ? simd_sum(x) : simd_sum(x);
  EXPECT(2, part == (lane < 10 ? 145.0f : 451.0f));
  for (uint i = 0; i < 3; i++) EXPECT(3, simd_sum(1) == 32);
  for (uint i = lane; i < 64; i += 32) EXPECT(4, simd_max(i) == 31 + (i & ~31u));
  if (lane < 16) {
    for (uint i = 0; i < lane; i++) EXPECT(5, simd_sum(1) == int(15 - i));
    EXPECT(6, simd_sum(1) == 16);
  }
  EXPECT(7, simd_sum(1) == 32);
}
}  // namespace

TEST(optimised_branches_keep_their_meetings) {
  const klab_kernel_desc k = kernel(around_branches);
  Report report;
  CHECK_EQ(run(launch(k, 2, 64, &report)).message, "");
  for (uint row = 0; row < 8; row++) check(report.wrong[row] == 0, __FILE__, __LINE__, show(report.wrong[row].load()) + " wrong in row " + show(row));
}

namespace {
void barrier_in_a_loop(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  Report& report = *data<Report>(launch);
  auto* cells = static_cast<uint*>(klab_threadgroup_variable(0, 4096, 4));
  const uint n = group->thread_count;
  for (uint round = 0; round < 10; round++) {
    cells[index] = index + round;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    EXPECT(0, cells[(index + 33) % n] == (index + 33) % n + round);
    if (round % 2) threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);
    else threadgroup_barrier(mem_flags::mem_threadgroup);
  }
}
void torn(const klab_launch*, const klab_threadgroup*, klab_uint3, uint32_t index) {
  if (index < 5) threadgroup_barrier(mem_flags::mem_none);
  else threadgroup_barrier(mem_flags::mem_none);
}
}  // namespace

TEST(barriers_in_loops_and_uniform_branches) {
  const klab_kernel_desc k = kernel(barrier_in_a_loop);
  for (uint threads : sizes) {
    Report report;
    CHECK_EQ(run(launch(k, 3, threads, &report), 2).message, "");
    CHECK_EQ(report.wrong[0].load(), 0u);
  }
}

TEST(barriers_that_look_alike_are_told_apart) {
  const klab_kernel_desc k = kernel(torn);
  const klab::Error error = run(launch(k, 1, 32));
  CHECK_EQ(error.status, KLAB_PIPELINE);
  CHECK(contains(error.message, "thread (0,0,0)") && contains(error.message, "thread (5,0,0)") && contains(error.message, "msl_simd.cpp:"));
}

int main() { return run_all(); }
