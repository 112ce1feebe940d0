// Classification, select, any, all.
#pragma once
#include "common_functions.h"

namespace metal {

#define KLAB_MSL_CLASSIFY(T)                                                                                  \
  KLAB_MSL_FN constexpr bool isnan(T x) { return klab_msl::is_nan(float(x)); }                                \
  KLAB_MSL_FN constexpr bool isinf(T x) { return klab_msl::is_inf(float(x)); }                                \
  KLAB_MSL_FN constexpr bool isfinite(T x) { return klab_msl::is_finite(float(x)); }                          \
  KLAB_MSL_FN constexpr bool isnormal(T x) {                                                                  \
    return klab_msl::is_finite(float(x)) && klab_msl::magnitude_bits(float(x)) >= klab_msl::float_bits(float(numeric_limits<T>::min())); \
  }                                                                                                           \
  KLAB_MSL_FN constexpr bool signbit(T x) { return klab_msl::is_negative(float(x)); }                         \
  KLAB_MSL_FN constexpr bool isunordered(T x, T y) { return isnan(x) || isnan(y); }                           \
  KLAB_MSL_FN constexpr bool isordered(T x, T y) { return !isunordered(x, y); }
KLAB_MSL_REALS(KLAB_MSL_CLASSIFY)
#undef KLAB_MSL_CLASSIFY
KLAB_MSL_VECTOR1(isnan)
KLAB_MSL_VECTOR1(isinf)
KLAB_MSL_VECTOR1(isfinite)
KLAB_MSL_VECTOR1(isnormal)
KLAB_MSL_VECTOR1(signbit)
KLAB_MSL_VECTOR2(isordered)
KLAB_MSL_VECTOR2(isunordered)

// b where c, else a.
template <klab_msl::Scalar T> KLAB_MSL_FN constexpr T select(T a, std::type_identity_t<T> b, bool c) { return c ? b : a; }
template <class A, class B> requires klab_msl::Broadcastable<A, B>
KLAB_MSL_FN constexpr auto select(const A& a, const B& b, bool c) {
  using V = klab_msl::common_vector_t<A, B>;
  return c ? klab_msl::widen<V>(b) : klab_msl::widen<V>(a);
}
template <class A, class B, class C, int N>
  requires(klab_msl::Broadcastable<A, B> && klab_msl::vector_of<klab_msl::common_vector_t<A, B>>::size == N)
KLAB_MSL_FN constexpr auto select(const A& a, const B& b, const vec<C, N>& c) {
  using V = klab_msl::common_vector_t<A, B>;
  V no = klab_msl::widen<V>(a), yes = klab_msl::widen<V>(b);
  for (int i = 0; i < N; i++) no[i] = c[i] ? yes[i] : no[i];
  return no;
}

KLAB_MSL_FN constexpr bool any(bool a) { return a; }
KLAB_MSL_FN constexpr bool all(bool a) { return a; }
template <int N> KLAB_MSL_FN constexpr bool any(const vec<bool, N>& a) {
  bool out = false;
  for (int i = 0; i < N; i++) out |= a[i];
  return out;
}
template <int N> KLAB_MSL_FN constexpr bool all(const vec<bool, N>& a) {
  bool out = true;
  for (int i = 0; i < N; i++) out &= a[i];
  return out;
}

}  // namespace metal
