// metal::numeric_limits.
#pragma once
#include "traits.h"

namespace metal {

// Libraries specialise this one for types of their own.
template <class T> struct _numeric_limits_impl {
  static constexpr bool is_specialized = false;
};
// What such a specialisation of a floating-point type inherits.
struct _fp_numeric_limits_impl_base {
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false, is_iec559 = true;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, has_signaling_NaN = true, is_bounded = true, is_modulo = false;
};
template <class T> struct numeric_limits : _numeric_limits_impl<remove_cv_t<T>> {};

}  // namespace metal

namespace klab_msl {

template <class T> struct IntegerLimits {
  static constexpr bool is_specialized = true, is_signed = std::is_signed_v<T>, is_integer = true, is_exact = true;
  static constexpr bool has_infinity = false, has_quiet_NaN = false, is_bounded = true, is_modulo = !is_signed;
  static constexpr int radix = 2;
  static constexpr int digits = std::is_same_v<T, bool> ? 1 : int(8 * sizeof(T)) - (is_signed ? 1 : 0);
  static constexpr int digits10 = digits * 301 / 1000;
  static constexpr T max() { return std::is_same_v<T, bool> ? T(1) : T(~0ul >> (64 - digits)); }
  static constexpr T min() { return is_signed ? T(-max() - 1) : T(0); }
  static constexpr T lowest() { return min(); }
  static constexpr T infinity() { return T(0); }
  static constexpr T quiet_NaN() { return T(0); }
  static constexpr T epsilon() { return T(0); }
};

// Significand bits with the hidden one, and the largest power of two that is finite.
template <class T, int Digits, int MaxExponent> struct RealLimits {
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false, is_iec559 = true;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, is_bounded = true, is_modulo = false;
  static constexpr int radix = 2, digits = Digits, digits10 = (Digits - 1) * 301 / 1000;
  static constexpr int max_exponent = MaxExponent + 1, min_exponent = 2 - MaxExponent;
  static consteval float power(int n) { return n == 0 ? 1.0f : n > 0 ? 2.0f * power(n - 1) : 0.5f * power(n + 1); }
  static constexpr T max() { return T((2.0f - power(1 - Digits)) * power(MaxExponent)); }
  static constexpr T lowest() { return T(-float(max())); }
  static constexpr T min() { return T(power(1 - MaxExponent)); }
  static constexpr T denorm_min() { return T(power(2 - MaxExponent - Digits)); }
  static constexpr T epsilon() { return T(power(1 - Digits)); }
  static constexpr T round_error() { return T(0.5f); }
  static constexpr T infinity() { return T(__builtin_inff()); }
  static constexpr T quiet_NaN() { return T(__builtin_nanf("")); }
  static constexpr T signaling_NaN() { return T(__builtin_nansf("")); }
};

}  // namespace klab_msl

namespace metal {

template <class T> requires is_integral_v<T> struct _numeric_limits_impl<T> : klab_msl::IntegerLimits<T> {};
template <> struct _numeric_limits_impl<float> : klab_msl::RealLimits<float, 24, 127> {};
template <> struct _numeric_limits_impl<half> : klab_msl::RealLimits<half, 11, 15> {};
template <> struct _numeric_limits_impl<bfloat> : klab_msl::RealLimits<bfloat, 8, 127> {};

}  // namespace metal
