// packed_float3 and its like: vectors without padding and with the alignment of their element, for memory. They turn
// into vectors for computing.
#pragma once
#include "vec_operators.h"

namespace metal {

#define KLAB_MSL_PACKED(N)                                                                                     \
  using value_type = T;                                                                                        \
  packed_vec() = default;                                                                                      \
  KLAB_MSL_FN constexpr packed_vec(const vec<T, N>& v) : packed_vec() { for (int i = 0; i < N; i++) (*this)[i] = v[i]; } \
  template <class... A> requires(std::is_constructible_v<vec<T, N>, const A&...> &&                            \
                                 !(sizeof...(A) == 1 && (std::is_same_v<A, vec<T, N>> || ...)) && sizeof...(A) > 0) \
  KLAB_MSL_FN constexpr explicit(sizeof...(A) == 1) packed_vec(const A&... a) : packed_vec(vec<T, N>(a...)) {} \
  KLAB_MSL_FN constexpr operator vec<T, N>() const {                                                           \
    vec<T, N> v(klab_msl::Splat{}, T(0));                                                                      \
    for (int i = 0; i < N; i++) v[i] = (*this)[i];                                                             \
    return v;                                                                                                  \
  }                                                                                                            \
  KLAB_MSL_FN constexpr T& operator[](int i) {                                                                 \
    if (__builtin_is_constant_evaluated()) return component(i);                                                \
    return reinterpret_cast<T*>(this)[i];                                                                      \
  }                                                                                                            \
  KLAB_MSL_FN constexpr const T& operator[](int i) const {                                                     \
    if (__builtin_is_constant_evaluated()) return const_cast<packed_vec*>(this)->component(i);                 \
    return reinterpret_cast<const T*>(this)[i];                                                                \
  }                                                                                                            \
  KLAB_MSL_SWIZZLES##N

template <class T> struct packed_vec<T, 2> {
  T x, y;
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : y; }
  KLAB_MSL_PACKED(2)
};
template <class T> struct packed_vec<T, 3> {
  T x, y, z;
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : i == 1 ? y : z; }
  KLAB_MSL_PACKED(3)
};
template <class T> struct packed_vec<T, 4> {
  T x, y, z, w;
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : i == 1 ? y : i == 2 ? z : w; }
  KLAB_MSL_PACKED(4)
};
#undef KLAB_MSL_PACKED

#define KLAB_MSL_PACKED_NAMES(t)           \
  using packed_##t##2 = packed_vec<t, 2>;  \
  using packed_##t##3 = packed_vec<t, 3>;  \
  using packed_##t##4 = packed_vec<t, 4>;
KLAB_MSL_PACKED_NAMES(bool)
KLAB_MSL_PACKED_NAMES(char)
KLAB_MSL_PACKED_NAMES(uchar)
KLAB_MSL_PACKED_NAMES(short)
KLAB_MSL_PACKED_NAMES(ushort)
KLAB_MSL_PACKED_NAMES(int)
KLAB_MSL_PACKED_NAMES(uint)
KLAB_MSL_PACKED_NAMES(long)
KLAB_MSL_PACKED_NAMES(ulong)
KLAB_MSL_PACKED_NAMES(half)
KLAB_MSL_PACKED_NAMES(bfloat)
KLAB_MSL_PACKED_NAMES(float)
#undef KLAB_MSL_PACKED_NAMES

static_assert(sizeof(packed_float3) == 12 && sizeof(packed_half3) == 6 && alignof(packed_float4) == 4);

}  // namespace metal
