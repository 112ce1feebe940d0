#include "cpu/baseline/activation.h"

#include <bit>
#include <cmath>

#include "klab.h"

namespace klab::cpu {

namespace {

// GELU is x / (1 + e^−gelu_gate(x)): x/2 · (1 + tanh u) = x / (1 + e^−2u).
template <class T>
[[gnu::always_inline]] inline T gelu_gate(T x) { return T(1.5957691216057308) * (x + T(0.044715) * x * x * x); }

// e^x without a call, so that loops over it become vectors: libm's took longer than a short product. x = n · ln 2 + r, and
// e^r by its Taylor series, whose first term left out is below 2^-24 for |r| ≤ ln 2 / 2. Beyond ±87 it is e^±87, from where
// on neither gate can be told from 0 or 1 in float.
[[gnu::always_inline]] inline float exponential(float x) {
  const float bounded = x < -87.0f ? -87.0f : x > 87.0f ? 87.0f : x;
  constexpr float shift = 12582912.0f;  // 1.5 · 2^23: adding it leaves the nearest integer in the last bits
  const float shifted = bounded * 1.44269504f + shift, n = shifted - shift;
  const float r = bounded - n * 0.693359375f + n * 2.12194440e-4f;
  const float series = 1.0f + r * (1.0f + r * (0.5f + r * (1.66666667e-1f + r * (4.16666667e-2f + r * (8.33333333e-3f + r * 1.38888889e-3f)))));
  return series * std::bit_cast<float>((std::bit_cast<uint32_t>(shifted) + 127u) << 23);
}

[[gnu::always_inline]] inline double exponential(double x) { return std::exp(x); }

template <class T>
[[gnu::always_inline]] inline void activate_row(uint32_t activation, T* values, size_t count) {
  switch (activation) {
    case KLAB_ACT_RELU:
      for (size_t i = 0; i < count; i++) values[i] = values[i] < 0 ? T(0) : values[i];
      break;
    case KLAB_ACT_GELU:
      for (size_t i = 0; i < count; i++) values[i] /= 1 + exponential(-gelu_gate(values[i]));
      break;
    case KLAB_ACT_SILU:
      for (size_t i = 0; i < count; i++) values[i] /= 1 + exponential(-values[i]);
      break;
    default: break;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"), optimize("O3"))) void activate_wide(uint32_t activation, float* values, size_t count) { activate_row(activation, values, count); }
#endif
__attribute__((optimize("O3"))) void activate_narrow(uint32_t activation, float* values, size_t count) { activate_row(activation, values, count); }

}  // namespace

void activate(uint32_t activation, float* values, size_t count) {
#if defined(__x86_64__)
  static const bool is_wide = __builtin_cpu_supports("avx2");
  if (is_wide) return activate_wide(activation, values, count);
#endif
  activate_narrow(activation, values, count);
}

void activate(uint32_t activation, double* values, size_t count) { activate_row(activation, values, count); }

}  // namespace klab::cpu
