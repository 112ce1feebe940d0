// Swizzles as member functions: v.xyz() reads, v.xyz_l() is assignable. Kernels write v.xyz; the pre-pass adds the rest.
#pragma once
#include "traits.h"

namespace klab_msl {

// Components I… of a vector as the target of an assignment.
template <class T, int... I> struct SwizzleReference {
  T* data;
  using vector = metal::vec<T, int(sizeof...(I))>;

  KLAB_MSL_FN constexpr operator vector() const { return vector(data[I]...); }
  KLAB_MSL_FN constexpr const SwizzleReference& operator=(const vector& value) const {
    int i = 0;
    ((data[I] = value[i++]), ...);
    return *this;
  }
  KLAB_MSL_FN constexpr const SwizzleReference& operator=(const SwizzleReference& other) const { return *this = vector(other); }
#define KLAB_MSL_COMPOUND(op)                                                     \
  template <class A> KLAB_MSL_FN constexpr const SwizzleReference& operator op##=(const A& a) const { \
    return *this = vector(vector(*this) op a);                                    \
  }
  KLAB_MSL_COMPOUND(+)
  KLAB_MSL_COMPOUND(-)
  KLAB_MSL_COMPOUND(*)
  KLAB_MSL_COMPOUND(/)
  KLAB_MSL_COMPOUND(%)
  KLAB_MSL_COMPOUND(&)
  KLAB_MSL_COMPOUND(|)
  KLAB_MSL_COMPOUND(^)
  KLAB_MSL_COMPOUND(<<)
  KLAB_MSL_COMPOUND(>>)
#undef KLAB_MSL_COMPOUND
};

}  // namespace klab_msl

#define KLAB_MSL_MEMBER_x x
#define KLAB_MSL_MEMBER_y y
#define KLAB_MSL_MEMBER_z z
#define KLAB_MSL_MEMBER_w w
#define KLAB_MSL_MEMBER_r x
#define KLAB_MSL_MEMBER_g y
#define KLAB_MSL_MEMBER_b z
#define KLAB_MSL_MEMBER_a w
#define KLAB_MSL_INDEX_x 0
#define KLAB_MSL_INDEX_y 1
#define KLAB_MSL_INDEX_z 2
#define KLAB_MSL_INDEX_w 3
#define KLAB_MSL_INDEX_r 0
#define KLAB_MSL_INDEX_g 1
#define KLAB_MSL_INDEX_b 2
#define KLAB_MSL_INDEX_a 3

// R: readable words, W: words without a repeated letter, which are assignable, too.
#define KLAB_MSL_R2(a, b) \
  KLAB_MSL_FN constexpr metal::vec<T, 2> a##b() const { return metal::vec<T, 2>(KLAB_MSL_MEMBER_##a, KLAB_MSL_MEMBER_##b); }
#define KLAB_MSL_R3(a, b, c)                               \
  KLAB_MSL_FN constexpr metal::vec<T, 3> a##b##c() const { \
    return metal::vec<T, 3>(KLAB_MSL_MEMBER_##a, KLAB_MSL_MEMBER_##b, KLAB_MSL_MEMBER_##c); \
  }
#define KLAB_MSL_R4(a, b, c, d)                               \
  KLAB_MSL_FN constexpr metal::vec<T, 4> a##b##c##d() const { \
    return metal::vec<T, 4>(KLAB_MSL_MEMBER_##a, KLAB_MSL_MEMBER_##b, KLAB_MSL_MEMBER_##c, KLAB_MSL_MEMBER_##d); \
  }
#define KLAB_MSL_W2(a, b) \
  KLAB_MSL_R2(a, b)       \
  KLAB_MSL_FN constexpr klab_msl::SwizzleReference<T, KLAB_MSL_INDEX_##a, KLAB_MSL_INDEX_##b> a##b##_l() { return {&x}; }
#define KLAB_MSL_W3(a, b, c) \
  KLAB_MSL_R3(a, b, c)       \
  KLAB_MSL_FN constexpr klab_msl::SwizzleReference<T, KLAB_MSL_INDEX_##a, KLAB_MSL_INDEX_##b, KLAB_MSL_INDEX_##c> a##b##c##_l() { return {&x}; }
#define KLAB_MSL_W4(a, b, c, d) \
  KLAB_MSL_R4(a, b, c, d)       \
  KLAB_MSL_FN constexpr klab_msl::SwizzleReference<T, KLAB_MSL_INDEX_##a, KLAB_MSL_INDEX_##b, KLAB_MSL_INDEX_##c, KLAB_MSL_INDEX_##d> a##b##c##d##_l() { return {&x}; }

#include "swizzle_words.h"
