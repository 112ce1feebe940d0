// Apple's undocumented __metal_* builtins, as far as public kernels (MLX among them) call them. The flag at the end
// chooses fast or precise code there; here both are one.
#pragma once
#include "containers.h"
#include "math_modes.h"
#include "any_simdgroup_matrix.h"

#define __METAL_MAYBE_FAST_MATH__ 0
#define __METAL_FAST_MATH__ 1
#define __METAL_PRECISE_MATH__ 2

#define KLAB_MSL_BUILTIN1(name) KLAB_MSL_FN float __metal_##name(float x, int = 0) { return metal::name(x); }
KLAB_MSL_BUILTIN1(acos) KLAB_MSL_BUILTIN1(acosh) KLAB_MSL_BUILTIN1(asin) KLAB_MSL_BUILTIN1(asinh)
KLAB_MSL_BUILTIN1(atan) KLAB_MSL_BUILTIN1(atanh) KLAB_MSL_BUILTIN1(ceil) KLAB_MSL_BUILTIN1(cos)
KLAB_MSL_BUILTIN1(cosh) KLAB_MSL_BUILTIN1(cospi) KLAB_MSL_BUILTIN1(exp) KLAB_MSL_BUILTIN1(exp10)
KLAB_MSL_BUILTIN1(exp2) KLAB_MSL_BUILTIN1(fabs) KLAB_MSL_BUILTIN1(floor) KLAB_MSL_BUILTIN1(fract)
KLAB_MSL_BUILTIN1(log) KLAB_MSL_BUILTIN1(log10) KLAB_MSL_BUILTIN1(log2) KLAB_MSL_BUILTIN1(rint)
KLAB_MSL_BUILTIN1(round) KLAB_MSL_BUILTIN1(rsqrt) KLAB_MSL_BUILTIN1(saturate) KLAB_MSL_BUILTIN1(sign)
KLAB_MSL_BUILTIN1(sin) KLAB_MSL_BUILTIN1(sinh) KLAB_MSL_BUILTIN1(sinpi) KLAB_MSL_BUILTIN1(sqrt)
KLAB_MSL_BUILTIN1(tan) KLAB_MSL_BUILTIN1(tanh) KLAB_MSL_BUILTIN1(tanpi) KLAB_MSL_BUILTIN1(trunc)
#undef KLAB_MSL_BUILTIN1

#define KLAB_MSL_BUILTIN2(name) KLAB_MSL_FN float __metal_##name(float x, float y, int = 0) { return metal::name(x, y); }
KLAB_MSL_BUILTIN2(atan2) KLAB_MSL_BUILTIN2(copysign) KLAB_MSL_BUILTIN2(divide) KLAB_MSL_BUILTIN2(fdim)
KLAB_MSL_BUILTIN2(fmax) KLAB_MSL_BUILTIN2(fmin) KLAB_MSL_BUILTIN2(fmod) KLAB_MSL_BUILTIN2(nextafter)
KLAB_MSL_BUILTIN2(pow) KLAB_MSL_BUILTIN2(powr) KLAB_MSL_BUILTIN2(step)
#undef KLAB_MSL_BUILTIN2

#define KLAB_MSL_BUILTIN3(name) KLAB_MSL_FN float __metal_##name(float x, float y, float z, int = 0) { return metal::name(x, y, z); }
KLAB_MSL_BUILTIN3(clamp) KLAB_MSL_BUILTIN3(fma) KLAB_MSL_BUILTIN3(fmax3) KLAB_MSL_BUILTIN3(fmedian3)
KLAB_MSL_BUILTIN3(fmin3) KLAB_MSL_BUILTIN3(mix)
#undef KLAB_MSL_BUILTIN3

KLAB_MSL_FN float __metal_ldexp(float x, int exponent, int = 0) { return metal::ldexp(x, exponent); }
KLAB_MSL_FN float __metal_frexp(float x, int* exponent, int = 0) { return metal::frexp(x, *exponent); }
KLAB_MSL_FN int __metal_ilogb(float x, int = 0) { return metal::ilogb(x); }
KLAB_MSL_FN float __metal_modf(float x, float* whole, int = 0) { return metal::modf(x, *whole); }
KLAB_MSL_FN float __metal_sincos(float x, float* cosine, int = 0) { return metal::sincos(x, *cosine); }

#define KLAB_MSL_BUILTIN_ACROSS(name) template <class T> KLAB_MSL_SIMT T __metal_##name(T v) { return metal::name(v); }
KLAB_MSL_BUILTIN_ACROSS(quad_max) KLAB_MSL_BUILTIN_ACROSS(quad_min) KLAB_MSL_BUILTIN_ACROSS(quad_product)
KLAB_MSL_BUILTIN_ACROSS(quad_sum) KLAB_MSL_BUILTIN_ACROSS(simd_and) KLAB_MSL_BUILTIN_ACROSS(simd_broadcast_first)
KLAB_MSL_BUILTIN_ACROSS(simd_max) KLAB_MSL_BUILTIN_ACROSS(simd_min) KLAB_MSL_BUILTIN_ACROSS(simd_or)
KLAB_MSL_BUILTIN_ACROSS(simd_prefix_exclusive_product) KLAB_MSL_BUILTIN_ACROSS(simd_prefix_exclusive_sum)
KLAB_MSL_BUILTIN_ACROSS(simd_prefix_inclusive_product) KLAB_MSL_BUILTIN_ACROSS(simd_prefix_inclusive_sum)
KLAB_MSL_BUILTIN_ACROSS(simd_product) KLAB_MSL_BUILTIN_ACROSS(simd_sum)
#undef KLAB_MSL_BUILTIN_ACROSS

// MLX calls it on floats, too, where it works on the bits.
template <class T> KLAB_MSL_SIMT T __metal_simd_xor(T v) {
  if constexpr (klab_msl::Real<T>) {
    using bits = std::conditional_t<sizeof(T) == 4, uint, ushort>;
    return metal::as_type<T>(metal::simd_xor(metal::as_type<bits>(v)));
  } else {
    return metal::simd_xor(v);
  }
}

#define KLAB_MSL_BUILTIN_SHUFFLE(name) template <class T> KLAB_MSL_SIMT T __metal_##name(T v, ushort n) { return metal::name(v, n); }
KLAB_MSL_BUILTIN_SHUFFLE(quad_broadcast) KLAB_MSL_BUILTIN_SHUFFLE(quad_shuffle) KLAB_MSL_BUILTIN_SHUFFLE(quad_shuffle_xor)
KLAB_MSL_BUILTIN_SHUFFLE(simd_broadcast) KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle) KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle_down)
KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle_rotate_down) KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle_rotate_up)
KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle_up) KLAB_MSL_BUILTIN_SHUFFLE(simd_shuffle_xor)
#undef KLAB_MSL_BUILTIN_SHUFFLE

template <class T> KLAB_MSL_SIMT T __metal_simd_shuffle_and_fill_down(T v, T filling, ushort delta, ushort modulo) {
  return metal::simd_shuffle_and_fill_down(v, filling, delta, modulo);
}
template <class T> KLAB_MSL_SIMT T __metal_simd_shuffle_and_fill_up(T v, T filling, ushort delta, ushort modulo) {
  return metal::simd_shuffle_and_fill_up(v, filling, delta, modulo);
}
KLAB_MSL_FN ushort __metal_get_simdgroup_size(ushort) { return KLAB_SIMD_WIDTH; }
KLAB_MSL_FN ushort __metal_get_thread_index_in_simdgroup(ushort) { return ushort(klab_current->lane); }
