// Distance of a result from its float64 truth, in units of the last place of the result's type.
#pragma once
#include <cstdint>

namespace klab_test {

// Digits of the significand and the exponent of the smallest normal number.
template <class T> struct Format;
template <> struct Format<float> { static constexpr int digits = 24, minimum = -126, maximum = 127; };
template <> struct Format<_Float16> { static constexpr int digits = 11, minimum = -14, maximum = 15; };
template <> struct Format<metal::bfloat> { static constexpr int digits = 8, minimum = -126, maximum = 127; };

template <class T> double ulp_of(double truth) {
  int exponent = truth == 0.0 ? Format<T>::minimum : __builtin_ilogb(truth);
  if (exponent < Format<T>::minimum) exponent = Format<T>::minimum;
  return __builtin_ldexp(1.0, exponent - (Format<T>::digits - 1));
}

// The largest finite value plus half a step: from here on truth rounds to infinity.
template <class T> double overflow_of() {
  return __builtin_ldexp(2.0 - __builtin_ldexp(1.0, -Format<T>::digits), Format<T>::maximum);
}

// 0 when both are NaN or the same infinity; 1e30 when only one is.
template <class T> double ulp_error(T result, double truth) {
  const double got = double(float(result));
  if (truth != truth || got != got) return truth != truth && got != got ? 0.0 : 1e30;
  const double magnitude = __builtin_fabs(truth), inf = __builtin_inf();
  if (__builtin_fabs(got) == inf) return got * truth > 0 && magnitude >= overflow_of<T>() * (1 - 1e-3) ? 0.0 : 1e30;
  if (magnitude == inf) return 1e30;
  return __builtin_fabs(got - truth) / ulp_of<T>(truth);
}

}  // namespace klab_test
