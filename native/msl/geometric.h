// Geometric functions. Sums of halves and bfloats are kept in float and rounded once.
#pragma once
#include "integer.h"

namespace klab_msl {
template <class T> using sum_type = std::conditional_t<metal::is_integral_v<T>, T, float>;
}

namespace metal {

template <class T, int N> KLAB_MSL_FN constexpr T dot(const vec<T, N>& a, const vec<T, N>& b) {
  using S = klab_msl::sum_type<T>;
  S sum = S(a.x) * S(b.x);
  for (int i = 1; i < N; i++) sum += S(a[i]) * S(b[i]);
  return T(sum);
}
template <class A, class B> requires(klab_msl::Broadcastable<A, B>)
KLAB_MSL_FN constexpr auto dot(const A& a, const B& b) {
  using V = klab_msl::common_vector_t<A, B>;
  return dot(klab_msl::widen<V>(a), klab_msl::widen<V>(b));
}
template <class T> KLAB_MSL_FN constexpr vec<T, 3> cross(const vec<T, 3>& a, const vec<T, 3>& b) {
  return vec<T, 3>(T(a.y * b.z - a.z * b.y), T(a.z * b.x - a.x * b.z), T(a.x * b.y - a.y * b.x));
}
template <klab_msl::Vector A> KLAB_MSL_FN auto length_squared(const A& a) { return dot(a, a); }
template <klab_msl::Vector A> KLAB_MSL_FN auto length(const A& a) { return sqrt(dot(a, a)); }
template <klab_msl::Vector A> KLAB_MSL_FN auto distance_squared(const A& a, const std::type_identity_t<A>& b) { return length_squared(a - b); }
template <klab_msl::Vector A> KLAB_MSL_FN auto distance(const A& a, const std::type_identity_t<A>& b) { return length(a - b); }
template <klab_msl::Vector A> KLAB_MSL_FN auto normalize(const A& a) { return a * rsqrt(dot(a, a)); }
template <class T, int N> KLAB_MSL_FN vec<T, N> reflect(const vec<T, N>& i, const vec<T, N>& n) { return i - T(2) * dot(n, i) * n; }
template <class T, int N> KLAB_MSL_FN vec<T, N> faceforward(const vec<T, N>& n, const vec<T, N>& i, const vec<T, N>& reference) {
  return dot(reference, i) < T(0) ? n : -n;
}
template <class T, int N> KLAB_MSL_FN vec<T, N> refract(const vec<T, N>& i, const vec<T, N>& n, std::type_identity_t<T> eta) {
  const T cosine = dot(n, i), k = T(1) - eta * eta * (T(1) - cosine * cosine);
  return k < T(0) ? vec<T, N>(T(0)) : eta * i - (eta * cosine + sqrt(k)) * n;
}

}  // namespace metal
