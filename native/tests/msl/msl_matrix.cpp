// simdgroup matrices against plain loops, and atomics under several OS threads.
#include "msl/msl.h"

#include <vector>

#include "kernel_fixture.h"

using namespace klab_test;
using namespace metal;

namespace {

template <class T> T small(uint i) { return T(float(int(i * 11 % 17) - 8)); }

template <class T> struct Tiles {
  static constexpr uint pitch = 24;  // elements from row to row
  T a[pitch * pitch], b[pitch * pitch], c[pitch * pitch], out[pitch * pitch];
  Tiles() {
    for (uint i = 0; i < pitch * pitch; i++) a[i] = small<T>(i), b[i] = small<T>(3 * i + 1), c[i] = small<T>(5 * i + 2), out[i] = T(99.0f);
  }
  static float at(const T* m, uint row, uint column) { return float(m[row * pitch + column]); }
};

// out at (8, 16) = transpose(a at (4, 8)) · b at (0, 3) + c; then the sum stored transposed at (16, 0).
template <class T> void multiply(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t) {
  auto& t = *data<Tiles<T>>(launch);
  simdgroup_matrix<T, 8, 8> a, b, c, d;
  simdgroup_load(a, t.a, t.pitch, ulong2(4, 8), true);
  simdgroup_load(b, t.b, t.pitch, ulong2(0, 3));
  simdgroup_load(c, t.c, t.pitch);
  simdgroup_multiply_accumulate(d, a, b, c);
  simdgroup_store(d, t.out, t.pitch, ulong2(8, 16));
  simdgroup_multiply(d, a, b);
  simdgroup_store(d, t.out, t.pitch, ulong2(16, 0), true);
}

template <class T> void check_multiply(uint threads) {
  Tiles<T> t;
  const klab_kernel_desc k = kernel(multiply<T>);
  CHECK_EQ(run(launch(k, 1, threads, &t)).message, "");
  uint wrong = 0;
  for (uint row = 0; row < 8; row++)
    for (uint column = 0; column < 8; column++) {
      float sum = 0;
      for (uint i = 0; i < 8; i++) sum += t.at(t.a, 8 + i, 4 + row) * t.at(t.b, 3 + i, column);
      wrong += t.at(t.out, 16 + row, 8 + column) != float(T(sum + t.at(t.c, row, column)));
      wrong += t.at(t.out, column, 16 + row) != float(T(sum));
    }
  CHECK_EQ(wrong, 0u);
  CHECK(t.at(t.out, 15, 8) == 99.0f && t.at(t.out, 16, 7) == 99.0f && t.at(t.out, 8, 16) == 99.0f);
}

}  // namespace

TEST(multiply_with_origin_pitch_and_transpose) {
  check_multiply<float>(32);
  check_multiply<half>(32);
  check_multiply<bfloat>(32);
  check_multiply<float>(128);
}

namespace {
struct Arrangement {
  float diagonal[64], filled[64], product[64];
  std::atomic<uint> wrong{0};
};
void arrange(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t lane) {
  auto& out = *data<Arrangement>(launch);
  simdgroup_float8x8 d(3.0f), f = make_filled_simdgroup_matrix<float, 8, 8>(2.0f);
  simdgroup_store(d, out.diagonal, 8);
  simdgroup_store(f, out.filled, 8);
  simdgroup_store(d * f, out.product);
  // Apple's arrangement, as kernels that address thread_elements() compute it.
  const uint quad = lane / 4, row = (quad & 4) + lane / 2 % 4, column = (quad & 2) * 2 + lane % 2 * 2;
  simdgroup_half8x8 m;
  m.thread_elements() = half2(half(float(row * 8 + column)), half(float(row * 8 + column + 1)));
  half memory[64];
  simdgroup_store(m, memory, 8);
  if (memory[row * 8 + column] != half(float(row * 8 + column)) || memory[row * 8 + column + 1] != half(float(row * 8 + column + 1))) out.wrong++;
  simdgroup_half8x8 zero(0);
  if (zero.thread_elements()[0] != half(0) || zero.thread_elements()[1] != half(0)) out.wrong++;
}
}  // namespace

TEST(arrangement_and_constructors) {
  Arrangement out;
  const klab_kernel_desc k = kernel(arrange);
  CHECK_EQ(run(launch(k, 1, 32, &out)).message, "");
  CHECK_EQ(out.wrong.load(), 0u);
  for (uint i = 0; i < 64; i++) CHECK(out.diagonal[i] == (i % 9 ? 0.0f : 3.0f) && out.filled[i] == 2.0f && out.product[i] == 6.0f);
}

namespace {
// Mixed precision, and a chain whose half accumulator rounds after every step of eight.
struct Chain {
  half a[64], b[64], accumulated[64];
  float in_float[64];
};
void chain(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t) {
  auto& t = *data<Chain>(launch);
  simdgroup_half8x8 a, b, sum(0);
  simdgroup_float8x8 wide(0);
  simdgroup_load(a, t.a, 8);
  simdgroup_load(b, t.b, 8);
  for (int i = 0; i < 20; i++) {
    simdgroup_multiply_accumulate(sum, a, b, sum);
    simdgroup_multiply_accumulate(wide, a, b, wide);
  }
  simdgroup_store(sum, t.accumulated, 8);
  simdgroup_store(wide, t.in_float, 8);
}
}  // namespace

TEST(half_accumulators_round_once_a_step) {
  Chain t;
  for (uint i = 0; i < 64; i++) t.a[i] = half(1.0f + float(i) * 0x1p-8f), t.b[i] = half(3.0f - float(i) * 0x1p-7f);
  const klab_kernel_desc k = kernel(chain);
  CHECK_EQ(run(launch(k, 1, 32, &t)).message, "");
  for (uint row = 0; row < 8; row++)
    for (uint column = 0; column < 8; column++) {
      half narrow = half(0);
      double exact = 0;
      for (int step = 0; step < 20; step++) {
        float sum = float(narrow);
        for (uint i = 0; i < 8; i++) {
          sum = __builtin_fmaf(float(t.a[row * 8 + i]), float(t.b[i * 8 + column]), sum);
          exact += double(float(t.a[row * 8 + i])) * double(float(t.b[i * 8 + column]));
        }
        narrow = half(sum);
      }
      CHECK_EQ(float(t.accumulated[row * 8 + column]), float(narrow));
      CHECK(__builtin_fabs(double(t.in_float[row * 8 + column]) - exact) < 1e-6 * exact);
    }
}

namespace {
struct Counters {
  atomic_uint sum, low, high, bits, flips;
  atomic_int differences;
  atomic_float real, largest;
  atomic_ulong wide;
  atomic<bool> flag;
  atomic_uint by_exchange, lost;
};
constexpr auto relaxed = memory_order_relaxed;

void count(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  auto& c = *data<Counters>(launch);
  const uint id = group->position.x * 64 + index;
  atomic_fetch_add_explicit(&c.sum, id, relaxed);
  atomic_fetch_sub_explicit(&c.differences, int(id), relaxed);
  atomic_fetch_min_explicit(&c.low, id + 5, relaxed);
  atomic_fetch_max_explicit(&c.high, id, relaxed);
  atomic_fetch_or_explicit(&c.bits, 1u << (id % 20), relaxed);
  atomic_fetch_xor_explicit(&c.flips, 1u << (id % 32), relaxed);
  atomic_fetch_add_explicit(&c.real, 0.5f, relaxed);
  atomic_fetch_max_explicit(&c.largest, float(id), relaxed);
  atomic_max_explicit(&c.wide, ulong(id) << 32, relaxed);
  if (id == 77) atomic_store_explicit(&c.flag, true, relaxed);
  uint expected = atomic_load_explicit(&c.by_exchange, relaxed);
  while (!atomic_compare_exchange_weak_explicit(&c.by_exchange, &expected, expected + 2, relaxed, relaxed)) {}
  if (atomic_exchange_explicit(&c.lost, 1u, relaxed) > 1u) atomic_fetch_and_explicit(&c.bits, 0u, relaxed);
}
}  // namespace

TEST(atomics_from_several_os_threads) {
  Counters c{};
  c.low.value = 1000;
  const klab_kernel_desc k = kernel(count);
  CHECK_EQ(run(launch(k, 50, 64, &c), 3).message, "");
  constexpr uint n = 50 * 64, sum = n * (n - 1) / 2;
  CHECK(c.sum.value == sum && c.differences.value == -int(sum) && c.low.value == 5 && c.high.value == n - 1);
  CHECK(c.bits.value == (1u << 20) - 1 && c.flips.value == 0 && c.real.value == 0.5f * n && c.largest.value == float(n - 1));
  CHECK(c.wide.value == ulong(n - 1) << 32 && c.flag.value && c.by_exchange.value == 2 * n);
}

int main() { return run_all(); }
