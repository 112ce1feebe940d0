// Macros that lift functions of scalars to vectors. Included by the headers that define functions. Where the function of
// scalars is ambiguous, that of vectors does not exist, so that a source may define it (sign of integers).
#pragma once
#include "convert.h"
#include "limits.h"

namespace klab_msl {

template <class V, class A> KLAB_MSL_FN constexpr V widen(const A& a) {
  if constexpr (Vector<A>) return V(static_cast<const unpacked<A>&>(a));
  else return V(Splat{}, element<V>(a));
}

}  // namespace klab_msl

// name(v) from name(component).
#define KLAB_MSL_VECTOR1(name)                                                                                     \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 2>& a) -> vec<decltype(name(a.x)), 2> {          \
    return vec<decltype(name(a.x)), 2>(name(a.x), name(a.y));                                                      \
  }                                                                                                                \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 3>& a) -> vec<decltype(name(a.x)), 3> {          \
    return vec<decltype(name(a.x)), 3>(name(a.x), name(a.y), name(a.z));                                           \
  }                                                                                                                \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 4>& a) -> vec<decltype(name(a.x)), 4> {          \
    return vec<decltype(name(a.x)), 4>(name(a.x), name(a.y), name(a.z), name(a.w));                                \
  }                                                                                                                \
  template <class T, int N> KLAB_MSL_FN constexpr auto name(const packed_vec<T, N>& a) { return name(vec<T, N>(a)); }

// name(v, v) from name(component, component); a scalar beside a vector is widened.
#define KLAB_MSL_VECTOR2(name)                                                                                     \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 2>& a, const vec<T, 2>& b) -> vec<decltype(name(a.x, b.x)), 2> { \
    return vec<decltype(name(a.x, b.x)), 2>(name(a.x, b.x), name(a.y, b.y));                                       \
  }                                                                                                                \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 3>& a, const vec<T, 3>& b) -> vec<decltype(name(a.x, b.x)), 3> { \
    return vec<decltype(name(a.x, b.x)), 3>(name(a.x, b.x), name(a.y, b.y), name(a.z, b.z));                       \
  }                                                                                                                \
  template <class T> KLAB_MSL_FN constexpr auto name(const vec<T, 4>& a, const vec<T, 4>& b) -> vec<decltype(name(a.x, b.x)), 4> { \
    return vec<decltype(name(a.x, b.x)), 4>(name(a.x, b.x), name(a.y, b.y), name(a.z, b.z), name(a.w, b.w));       \
  }                                                                                                                \
  template <class A, class B> requires klab_msl::Broadcastable<A, B>                                               \
  KLAB_MSL_FN constexpr auto name(const A& a, const B& b) {                                                        \
    using V = klab_msl::common_vector_t<A, B>;                                                                     \
    return name(klab_msl::widen<V>(a), klab_msl::widen<V>(b));                                                     \
  }

// name(v, v, v) from name(component, component, component).
#define KLAB_MSL_VECTOR3(name)                                                                                     \
  template <class A, class B, class C> requires klab_msl::Broadcastable<A, B, C>                                   \
  KLAB_MSL_FN constexpr auto name(const A& a, const B& b, const C& c) {                                            \
    using V = klab_msl::common_vector_t<A, B, C>;                                                                  \
    const V i = klab_msl::widen<V>(a), j = klab_msl::widen<V>(b), k = klab_msl::widen<V>(c);                       \
    V out(klab_msl::Splat{}, klab_msl::element<V>(0));                                                             \
    for (int n = 0; n < klab_msl::vector_of<V>::size; n++) out[n] = klab_msl::element<V>(name(i[n], j[n], k[n]));  \
    return out;                                                                                                    \
  }

// M(T) for the types that metal overloads functions on. A call with mixed types is resolved as it is by Apple's
// compiler: converted when one overload is best, refused as ambiguous otherwise.
// bfloat is left out on purpose: Metal's own functions take it as a float and return float, and libraries (MLX) add
// overloads for it to namespace metal, which would be redefinitions.
#define KLAB_MSL_REALS(M) M(float) M(half)
#define KLAB_MSL_INTEGERS(M) M(char) M(uchar) M(short) M(ushort) M(int) M(uint) M(long) M(ulong)
