// vec<T, 2|3|4>: trivially copyable, laid out as on the GPU (three components take the room of four).
//   float4(1)  float4 v = 1  four times 1        float4 v = {1}  1, 0, 0, 0
//   float4(v2, 1, 2)  components from anywhere   int4(v)  by component; never by itself
#pragma once
#include "swizzle.h"

namespace klab_msl {

template <class V, class A> KLAB_MSL_FN constexpr void append(V& to, int& at, const A& from) {
  if constexpr (Vector<A>) {
    const unpacked<A> v = from;
    for (int i = 0; i < vector_of<A>::size; i++) to[at++] = element<V>(v[i]);
  } else {
    to[at++] = element<V>(from);
  }
}

}  // namespace klab_msl

namespace metal {

#define KLAB_MSL_VEC(N)                                                                                           \
  using value_type = T;                                                                                           \
  KLAB_MSL_FN constexpr T& operator[](int i) {                                                                    \
    if (__builtin_is_constant_evaluated()) return component(i);                                                   \
    return reinterpret_cast<T*>(this)[i];                                                                         \
  }                                                                                                               \
  KLAB_MSL_FN constexpr const T& operator[](int i) const {                                                        \
    if (__builtin_is_constant_evaluated()) return const_cast<vec*>(this)->component(i);                           \
    return reinterpret_cast<const T*>(this)[i];                                                                   \
  }                                                                                                               \
  vec() = default;                                                                                                \
  /* Of volatile memory. Templates, for a vec that has no copy functions of its own stays trivially copyable. */   \
  template <class A> requires(std::is_same_v<A, vec>)                                                             \
  KLAB_MSL_FN vec(const volatile A& from) {                                                                       \
    for (int i = 0; i < N; i++) (*this)[i] = reinterpret_cast<const volatile T*>(&from)[i];                       \
  }                                                                                                               \
  template <class A> requires(std::is_same_v<A, vec>)                                                             \
  KLAB_MSL_FN void operator=(const A& from) volatile {                                                            \
    for (int i = 0; i < N; i++) reinterpret_cast<volatile T*>(this)[i] = from[i];                                 \
  }                                                                                                               \
  template <class A> requires(!klab_msl::Vector<A> && std::is_constructible_v<T, A>)                              \
  KLAB_MSL_FN constexpr explicit(!std::is_convertible_v<A, T>) vec(const A& all) : vec(klab_msl::Splat{}, T(all)) {} \
  template <class A> requires(klab_msl::Scalar<A>)                                                                \
  KLAB_MSL_FN constexpr vec(std::initializer_list<A> list) : vec(klab_msl::Splat{}, T(0)) {                       \
    int i = 0;                                                                                                    \
    for (A a : list) (*this)[i++] = T(a);                                                                         \
  }                                                                                                               \
  KLAB_MSL_FN constexpr vec(std::initializer_list<T> list) : vec(klab_msl::Splat{}, T(0)) {                       \
    int i = 0;                                                                                                    \
    for (T a : list) (*this)[i++] = a;                                                                            \
  }                                                                                                               \
  template <class A> requires(klab_msl::vector_of<A>::size == N && !std::is_same_v<klab_msl::unpacked<A>, vec>)   \
  KLAB_MSL_FN constexpr explicit vec(const A& other) : vec(klab_msl::Splat{}, T(0)) {                             \
    int i = 0;                                                                                                    \
    klab_msl::append(*this, i, other);                                                                            \
  }                                                                                                               \
  template <class... A> requires(sizeof...(A) > 1 && (klab_msl::components<A> + ...) == N &&                      \
                                 (std::is_constructible_v<T, klab_msl::element<A>> && ...))                       \
  KLAB_MSL_FN constexpr vec(const A&... parts) : vec(klab_msl::Splat{}, T(0)) {                                   \
    int i = 0;                                                                                                    \
    (klab_msl::append(*this, i, parts), ...);                                                                     \
  }                                                                                                               \
  KLAB_MSL_SWIZZLES##N

}  // namespace metal

namespace klab_msl {
struct Splat {};
}

namespace metal {

template <class T> struct alignas(2 * sizeof(T)) vec<T, 2> {
  union { T x, r; };
  union { T y, g; };
  KLAB_MSL_FN constexpr vec(T a, T b) : x(a), y(b) {}
  KLAB_MSL_FN constexpr vec(klab_msl::Splat, T a) : x(a), y(a) {}
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : y; }
  KLAB_MSL_VEC(2)
};

template <class T> struct alignas(4 * sizeof(T)) vec<T, 3> {
  union { T x, r; };
  union { T y, g; };
  union { T z, b; };
  KLAB_MSL_FN constexpr vec(T i, T j, T k) : x(i), y(j), z(k) {}
  KLAB_MSL_FN constexpr vec(klab_msl::Splat, T i) : x(i), y(i), z(i) {}
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : i == 1 ? y : z; }
  KLAB_MSL_VEC(3)
};

template <class T> struct alignas(4 * sizeof(T)) vec<T, 4> {
  union { T x, r; };
  union { T y, g; };
  union { T z, b; };
  union { T w, a; };
  KLAB_MSL_FN constexpr vec(T i, T j, T k, T l) : x(i), y(j), z(k), w(l) {}
  KLAB_MSL_FN constexpr vec(klab_msl::Splat, T i) : x(i), y(i), z(i), w(i) {}
  KLAB_MSL_FN constexpr T& component(int i) { return i == 0 ? x : i == 1 ? y : i == 2 ? z : w; }
  KLAB_MSL_VEC(4)
};
#undef KLAB_MSL_VEC

#define KLAB_MSL_VECTOR_NAMES(t) \
  using t##2 = vec<t, 2>;        \
  using t##3 = vec<t, 3>;        \
  using t##4 = vec<t, 4>;
KLAB_MSL_VECTOR_NAMES(bool)
KLAB_MSL_VECTOR_NAMES(char)
KLAB_MSL_VECTOR_NAMES(uchar)
KLAB_MSL_VECTOR_NAMES(short)
KLAB_MSL_VECTOR_NAMES(ushort)
KLAB_MSL_VECTOR_NAMES(int)
KLAB_MSL_VECTOR_NAMES(uint)
KLAB_MSL_VECTOR_NAMES(long)
KLAB_MSL_VECTOR_NAMES(ulong)
KLAB_MSL_VECTOR_NAMES(half)
KLAB_MSL_VECTOR_NAMES(bfloat)
KLAB_MSL_VECTOR_NAMES(float)
#undef KLAB_MSL_VECTOR_NAMES

// Instantiated here, so that a precompiled header holds the common ones.
static_assert(sizeof(float2) == 8 && sizeof(float3) == 16 && sizeof(float4) == 16 && alignof(float4) == 16);
static_assert(sizeof(half2) == 4 && sizeof(half3) == 8 && sizeof(half4) == 8 && sizeof(bfloat4) == 8);
static_assert(sizeof(int4) == 16 && sizeof(uint2) == 8 && sizeof(uint3) == 16 && sizeof(uint4) == 16 && sizeof(ulong2) == 16);
static_assert(sizeof(ushort2) == 4 && sizeof(ushort3) == 8 && sizeof(short2) == 4 && sizeof(uchar4) == 4);
static_assert(std::is_trivially_copyable_v<float4> && std::is_trivially_copyable_v<bfloat3>);

}  // namespace metal
