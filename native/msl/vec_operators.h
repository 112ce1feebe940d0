// Operators on vectors, by component. Both sides have the same type, or one is a scalar that converts to the element.
#pragma once
#include "vec.h"

namespace metal {

#define KLAB_MSL_BINARY(op, R)                                                                              \
  template <class T> KLAB_MSL_FN constexpr vec<R, 2> operator op(const vec<T, 2>& a, const vec<T, 2>& b) {  \
    return vec<R, 2>(R(a.x op b.x), R(a.y op b.y));                                                         \
  }                                                                                                         \
  template <class T> KLAB_MSL_FN constexpr vec<R, 3> operator op(const vec<T, 3>& a, const vec<T, 3>& b) {  \
    return vec<R, 3>(R(a.x op b.x), R(a.y op b.y), R(a.z op b.z));                                          \
  }                                                                                                         \
  template <class T> KLAB_MSL_FN constexpr vec<R, 4> operator op(const vec<T, 4>& a, const vec<T, 4>& b) {  \
    return vec<R, 4>(R(a.x op b.x), R(a.y op b.y), R(a.z op b.z), R(a.w op b.w));                           \
  }                                                                                                         \
  template <class T, int N, class S> requires(!klab_msl::Vector<S> && std::is_convertible_v<S, T>)          \
  KLAB_MSL_FN constexpr auto operator op(const vec<T, N>& a, const S& b) {                                  \
    return a op vec<T, N>(klab_msl::Splat{}, T(b));                                                         \
  }                                                                                                         \
  template <class T, int N, class S> requires(!klab_msl::Vector<S> && std::is_convertible_v<S, T>)          \
  KLAB_MSL_FN constexpr auto operator op(const S& a, const vec<T, N>& b) {                                  \
    return vec<T, N>(klab_msl::Splat{}, T(a)) op b;                                                         \
  }                                                                                                         \
  template <class A, class B> requires(klab_msl::Broadcastable<A, B> && !(std::is_same_v<A, klab_msl::unpacked<A>> && std::is_same_v<B, klab_msl::unpacked<B>>)) \
  KLAB_MSL_FN constexpr auto operator op(const A& a, const B& b) {                                          \
    return static_cast<const klab_msl::unpacked<A>&>(a) op static_cast<const klab_msl::unpacked<B>&>(b);    \
  }
#define KLAB_MSL_ARITHMETIC(op)                                                                              \
  KLAB_MSL_BINARY(op, T)                                                                                     \
  template <class T, int N, class A> KLAB_MSL_FN constexpr vec<T, N>& operator op##=(vec<T, N>& a, const A& b) { \
    return a = a op b;                                                                                       \
  }                                                                                                          \
  template <class T, int N, class A> KLAB_MSL_FN constexpr packed_vec<T, N>& operator op##=(packed_vec<T, N>& a, const A& b) { \
    return a = a op b;                                                                                       \
  }
KLAB_MSL_ARITHMETIC(+)
KLAB_MSL_ARITHMETIC(-)
KLAB_MSL_ARITHMETIC(*)
KLAB_MSL_ARITHMETIC(/)
KLAB_MSL_ARITHMETIC(%)
KLAB_MSL_ARITHMETIC(&)
KLAB_MSL_ARITHMETIC(|)
KLAB_MSL_ARITHMETIC(^)
KLAB_MSL_ARITHMETIC(<<)
KLAB_MSL_ARITHMETIC(>>)
KLAB_MSL_BINARY(==, bool)
KLAB_MSL_BINARY(!=, bool)
KLAB_MSL_BINARY(<, bool)
KLAB_MSL_BINARY(>, bool)
KLAB_MSL_BINARY(<=, bool)
KLAB_MSL_BINARY(>=, bool)
KLAB_MSL_BINARY(&&, bool)
KLAB_MSL_BINARY(||, bool)
#undef KLAB_MSL_ARITHMETIC
#undef KLAB_MSL_BINARY

#define KLAB_MSL_UNARY(op, R)                                                                                  \
  template <class T> KLAB_MSL_FN constexpr vec<R, 2> operator op(const vec<T, 2>& a) { return vec<R, 2>(R(op a.x), R(op a.y)); } \
  template <class T> KLAB_MSL_FN constexpr vec<R, 3> operator op(const vec<T, 3>& a) {                         \
    return vec<R, 3>(R(op a.x), R(op a.y), R(op a.z));                                                         \
  }                                                                                                            \
  template <class T> KLAB_MSL_FN constexpr vec<R, 4> operator op(const vec<T, 4>& a) {                         \
    return vec<R, 4>(R(op a.x), R(op a.y), R(op a.z), R(op a.w));                                              \
  }                                                                                                            \
  template <class T, int N> KLAB_MSL_FN constexpr auto operator op(const packed_vec<T, N>& a) { return op vec<T, N>(a); }
KLAB_MSL_UNARY(-, T)
KLAB_MSL_UNARY(+, T)
KLAB_MSL_UNARY(~, T)
KLAB_MSL_UNARY(!, bool)
#undef KLAB_MSL_UNARY

template <class T, int N> KLAB_MSL_FN constexpr vec<T, N>& operator++(vec<T, N>& a) { return a += T(1); }
template <class T, int N> KLAB_MSL_FN constexpr vec<T, N>& operator--(vec<T, N>& a) { return a -= T(1); }
template <class T, int N> KLAB_MSL_FN constexpr vec<T, N> operator++(vec<T, N>& a, int) { vec<T, N> old = a; a += T(1); return old; }
template <class T, int N> KLAB_MSL_FN constexpr vec<T, N> operator--(vec<T, N>& a, int) { vec<T, N> old = a; a -= T(1); return old; }

}  // namespace metal
