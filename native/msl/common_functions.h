// min, max, clamp and what is built on them, for reals and integers.
#pragma once
#include "math_functions.h"

namespace metal {

#define KLAB_MSL_REAL_MINMAX(T)                                                                                \
  KLAB_MSL_FN constexpr T fmin(T x, T y) { return T(klab_msl::fmin(float(x), float(y))); }                     \
  KLAB_MSL_FN constexpr T fmax(T x, T y) { return T(klab_msl::fmax(float(x), float(y))); }                     \
  KLAB_MSL_FN constexpr T min(T x, T y) { return fmin(x, y); }                                                 \
  KLAB_MSL_FN constexpr T max(T x, T y) { return fmax(x, y); }                                                 \
  KLAB_MSL_FN constexpr T abs(T x) { return T(__builtin_fabsf(float(x))); }                                    \
  KLAB_MSL_FN constexpr T fmin3(T x, T y, T z) { return fmin(fmin(x, y), z); }                                 \
  KLAB_MSL_FN constexpr T fmax3(T x, T y, T z) { return fmax(fmax(x, y), z); }                                 \
  KLAB_MSL_FN constexpr T fmedian3(T x, T y, T z) { return fmax(fmin(x, y), fmin(fmax(x, y), z)); }            \
  KLAB_MSL_FN T mix(T x, T y, T a) { return T(float(x) + (float(y) - float(x)) * float(a)); }                  \
  KLAB_MSL_FN T smoothstep(T low, T high, T x) {                                                               \
    const float t = klab_msl::saturate((float(x) - float(low)) / (float(high) - float(low)));                  \
    return T(t * t * (3.0f - 2.0f * t));                                                                       \
  }
KLAB_MSL_REALS(KLAB_MSL_REAL_MINMAX)
#undef KLAB_MSL_REAL_MINMAX

#define KLAB_MSL_INTEGER_MINMAX(T)                                      \
  KLAB_MSL_FN constexpr T min(T x, T y) { return y < x ? y : x; }       \
  KLAB_MSL_FN constexpr T max(T x, T y) { return x < y ? y : x; }       \
  KLAB_MSL_FN constexpr T abs(T x) { return x < T(0) ? T(0 - x) : x; }
KLAB_MSL_INTEGERS(KLAB_MSL_INTEGER_MINMAX)
#undef KLAB_MSL_INTEGER_MINMAX

#define KLAB_MSL_MINMAX3(T)                                                                       \
  KLAB_MSL_FN constexpr T min3(T x, T y, T z) { return min(min(x, y), z); }                       \
  KLAB_MSL_FN constexpr T max3(T x, T y, T z) { return max(max(x, y), z); }                       \
  KLAB_MSL_FN constexpr T median3(T x, T y, T z) { return max(min(x, y), min(max(x, y), z)); }    \
  KLAB_MSL_FN constexpr T clamp(T x, T low, T high) { return min(max(x, low), high); }
KLAB_MSL_REALS(KLAB_MSL_MINMAX3)
KLAB_MSL_INTEGERS(KLAB_MSL_MINMAX3)
#undef KLAB_MSL_MINMAX3

KLAB_MSL_VECTOR1(abs)
KLAB_MSL_VECTOR2(min)
KLAB_MSL_VECTOR2(max)
KLAB_MSL_VECTOR2(fmin)
KLAB_MSL_VECTOR2(fmax)
KLAB_MSL_VECTOR3(min3)
KLAB_MSL_VECTOR3(max3)
KLAB_MSL_VECTOR3(median3)
KLAB_MSL_VECTOR3(fmin3)
KLAB_MSL_VECTOR3(fmax3)
KLAB_MSL_VECTOR3(fmedian3)
KLAB_MSL_VECTOR3(clamp)
KLAB_MSL_VECTOR3(mix)
KLAB_MSL_VECTOR3(smoothstep)

}  // namespace metal
