// The library's float arithmetic underneath metal's math functions. Overloads for half compute in float and round
// once. Classification looks at bits, so that it holds under fast math, too.
#pragma once
#include "scalar.h"

// glibc's; declared here because <math.h> would fill the global namespace with names that kernels use.
extern "C" float exp10f(float);

namespace klab_msl {

KLAB_MSL_FN constexpr uint32_t float_bits(float x) { return __builtin_bit_cast(uint32_t, x); }
KLAB_MSL_FN constexpr uint32_t magnitude_bits(float x) { return float_bits(x) & 0x7fffffffu; }
KLAB_MSL_FN constexpr bool is_nan(float x) { return magnitude_bits(x) > 0x7f800000u; }
KLAB_MSL_FN constexpr bool is_inf(float x) { return magnitude_bits(x) == 0x7f800000u; }
KLAB_MSL_FN constexpr bool is_finite(float x) { return magnitude_bits(x) < 0x7f800000u; }
KLAB_MSL_FN constexpr bool is_negative(float x) { return float_bits(x) >> 31; }
KLAB_MSL_FN float nan() { return __builtin_nanf(""); }

// x reduced to [-1, 1] by an even whole number, exactly: the period of sinpi and cospi.
KLAB_MSL_FN float half_turns(float x) { return x - 2.0f * __builtin_rintf(0.5f * x); }

inline float sinpi(float x) {
  if (!is_finite(x)) return nan();
  float r = half_turns(x);
  if (r == 0.0f) return __builtin_copysignf(0.0f, x);
  if (__builtin_fabsf(r) > 0.5f) r = __builtin_copysignf(1.0f, r) - r;
  return float(__builtin_sin(3.14159265358979323846 * double(r)));
}
inline float cospi(float x) {
  if (!is_finite(x)) return nan();
  const float r = __builtin_fabsf(half_turns(x));
  return float(__builtin_sin(3.14159265358979323846 * (0.5 - double(r))));
}
inline float tanpi(float x) {
  if (!is_finite(x)) return nan();
  const float r = x - __builtin_rintf(x);  // [-0.5, 0.5]
  if (r == 0.0f) return __builtin_copysignf(0.0f, x);
  if (__builtin_fabsf(r) == 0.5f) return __builtin_copysignf(__builtin_inff(), r);
  return float(__builtin_tan(3.14159265358979323846 * double(r)));
}
KLAB_MSL_FN float exp10(float x) { return ::exp10f(x); }
KLAB_MSL_FN float rsqrt(float x) { return float(1.0 / __builtin_sqrt(double(x))); }
KLAB_MSL_FN float powr(float x, float y) { return x < 0.0f ? nan() : __builtin_powf(x, y); }
KLAB_MSL_FN float fdim(float x, float y) { return is_nan(x) || is_nan(y) ? nan() : x > y ? x - y : 0.0f; }
// A denormal is a zero of its sign, as for every comparison.
KLAB_MSL_FN float sign(float x) { return is_nan(x) ? 0.0f : x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : __builtin_copysignf(0.0f, x); }
KLAB_MSL_FN float saturate(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
KLAB_MSL_FN float step(float edge, float x) { return x < edge ? 0.0f : 1.0f; }
KLAB_MSL_FN constexpr float fmin(float x, float y) { return is_nan(x) ? y : is_nan(y) ? x : y < x ? y : x; }
KLAB_MSL_FN constexpr float fmax(float x, float y) { return is_nan(x) ? y : is_nan(y) ? x : x < y ? y : x; }

// fract stays below 1: a tiny negative x would round up to it.
template <class T> struct BelowOne;
template <> struct BelowOne<float> { static constexpr float value = 0x1.fffffep-1f; };
template <> struct BelowOne<half> { static constexpr float value = 0x1.ffcp-1f; };
template <class T> KLAB_MSL_FN float fract(float x) {
  if (is_inf(x)) return 0.0f;
  const float f = x - __builtin_floorf(x);
  return f > BelowOne<T>::value ? BelowOne<T>::value : f;
}

// The neighbour of x towards y, in T's own steps (U holds its bits). Numbers are compared as bits: float comparisons take
// denormals for zero, but they are steps.
template <class T, class U> KLAB_MSL_FN T next_after(T x, T y) {
  constexpr U sign_bit = U(U(1) << (8 * sizeof(U) - 1));
  if (is_nan(float(x)) || is_nan(float(y))) return T(nan());
  const U from = __builtin_bit_cast(U, x), to = __builtin_bit_cast(U, y);
  const U size = U(from & U(~sign_bit)), target = U(to & U(~sign_bit));
  if (from == to || (size == 0 && target == 0)) return y;
  if (size == 0) return __builtin_bit_cast(T, U((to & sign_bit) | U(1)));
  const bool is_outward = U(from & sign_bit) == U(to & sign_bit) && target > size;
  return __builtin_bit_cast(T, U(is_outward ? from + 1 : from - 1));
}

// The exponent of 1.f × 2^n; of a denormal, which is taken for zero, and of NaN FP_ILOGB0, of infinity the largest int.
KLAB_MSL_FN int ilogb(float x) {
  const uint32_t field = float_bits(x) >> 23 & 0xffu;
  return field == 0 || is_nan(x) ? FP_ILOGB0 : field == 0xffu ? INT_MAX : int(field) - 127;
}

// x as significand in [0.5, 1) and exponent, by its bits: the C library's loses denormals that are flushed. They are zero
// here, and so are the exponents of what has none.
KLAB_MSL_FN float frexp(float x, int& exponent) {
  const uint32_t bits = float_bits(x), field = bits >> 23 & 0xffu;
  exponent = field == 0 || field == 0xffu ? 0 : int(field) - 126;
  if (field == 0xffu) return x;
  return __builtin_bit_cast(float, (bits & 0x80000000u) | (field == 0 ? 0u : (bits & 0x007fffffu) | 0x3f000000u));
}

}  // namespace klab_msl
