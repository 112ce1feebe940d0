// metal's math functions on floats and halves, and vectors of them. precise:: and fast:: name the same code:
// it is at least as accurate as fast:: promises.
#pragma once
#include "elementwise.h"
#include "real.h"

namespace metal {

#define KLAB_MSL_MATH1(name, expression)                                                \
  KLAB_MSL_FN float name(float x) { using T = float; return T(expression); }            \
  KLAB_MSL_FN half name(half value) { using T = half; float x = float(value); return T(expression); } \
  KLAB_MSL_VECTOR1(name)

KLAB_MSL_MATH1(acos, __builtin_acosf(x))
KLAB_MSL_MATH1(acosh, __builtin_acoshf(x))
KLAB_MSL_MATH1(asin, __builtin_asinf(x))
KLAB_MSL_MATH1(asinh, __builtin_asinhf(x))
KLAB_MSL_MATH1(atan, __builtin_atanf(x))
KLAB_MSL_MATH1(atanh, __builtin_atanhf(x))
KLAB_MSL_MATH1(ceil, __builtin_ceilf(x))
KLAB_MSL_MATH1(cos, __builtin_cosf(x))
KLAB_MSL_MATH1(cosh, __builtin_coshf(x))
KLAB_MSL_MATH1(cospi, klab_msl::cospi(x))
KLAB_MSL_MATH1(exp, __builtin_expf(x))
KLAB_MSL_MATH1(exp10, klab_msl::exp10(x))
KLAB_MSL_MATH1(exp2, __builtin_exp2f(x))
KLAB_MSL_MATH1(fabs, __builtin_fabsf(x))
KLAB_MSL_MATH1(floor, __builtin_floorf(x))
KLAB_MSL_MATH1(fract, klab_msl::fract<T>(x))
KLAB_MSL_MATH1(log, __builtin_logf(x))
KLAB_MSL_MATH1(log10, __builtin_log10f(x))
KLAB_MSL_MATH1(log2, __builtin_log2f(x))
KLAB_MSL_MATH1(rint, __builtin_rintf(x))
KLAB_MSL_MATH1(round, __builtin_roundf(x))
KLAB_MSL_MATH1(rsqrt, klab_msl::rsqrt(x))
KLAB_MSL_MATH1(saturate, klab_msl::saturate(x))
KLAB_MSL_MATH1(sign, klab_msl::sign(x))
KLAB_MSL_MATH1(sin, __builtin_sinf(x))
KLAB_MSL_MATH1(sinh, __builtin_sinhf(x))
KLAB_MSL_MATH1(sinpi, klab_msl::sinpi(x))
KLAB_MSL_MATH1(sqrt, __builtin_sqrtf(x))
KLAB_MSL_MATH1(tan, __builtin_tanf(x))
KLAB_MSL_MATH1(tanh, __builtin_tanhf(x))
KLAB_MSL_MATH1(tanpi, klab_msl::tanpi(x))
KLAB_MSL_MATH1(trunc, __builtin_truncf(x))
#undef KLAB_MSL_MATH1

#define KLAB_MSL_MATH2(name, expression)                                                           \
  KLAB_MSL_FN float name(float x, float y) { return expression; }                                  \
  KLAB_MSL_FN half name(half a, half b) { float x = float(a), y = float(b); return half(expression); }   \
  KLAB_MSL_VECTOR2(name)

KLAB_MSL_MATH2(atan2, __builtin_atan2f(x, y))
KLAB_MSL_MATH2(copysign, __builtin_copysignf(x, y))
KLAB_MSL_MATH2(divide, x / y)
KLAB_MSL_MATH2(fdim, klab_msl::fdim(x, y))
KLAB_MSL_MATH2(fmod, __builtin_fmodf(x, y))
KLAB_MSL_MATH2(pow, __builtin_powf(x, y))
KLAB_MSL_MATH2(powr, klab_msl::powr(x, y))
KLAB_MSL_MATH2(step, klab_msl::step(x, y))
#undef KLAB_MSL_MATH2

KLAB_MSL_FN float nextafter(float x, float y) { return klab_msl::next_after<float, uint32_t>(x, y); }
KLAB_MSL_FN half nextafter(half x, half y) { return klab_msl::next_after<half, uint16_t>(x, y); }
KLAB_MSL_VECTOR2(nextafter)

// One rounding. The product of two halves is exact in float, but not with a sum on top: double is wide enough for that.
KLAB_MSL_FN float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
KLAB_MSL_FN half fma(half a, half b, half c) { return half(double(a) * double(b) + double(c)); }
KLAB_MSL_VECTOR3(fma)
#define KLAB_MSL_MAD(T) KLAB_MSL_FN T mad(T a, T b, T c) { return fma(a, b, c); }
KLAB_MSL_REALS(KLAB_MSL_MAD)
#undef KLAB_MSL_MAD
KLAB_MSL_VECTOR3(mad)

#define KLAB_MSL_SPLITTING(T)                                                                                   \
  KLAB_MSL_FN T frexp(T x, int& exponent) { return T(klab_msl::frexp(float(x), exponent)); }                    \
  KLAB_MSL_FN T ldexp(T x, int exponent) { return T(__builtin_ldexpf(float(x), exponent)); }                    \
  KLAB_MSL_FN int ilogb(T x) { return klab_msl::ilogb(float(x)); }                                              \
  KLAB_MSL_FN T modf(T x, T& whole) {                                                                           \
    whole = trunc(x);                                                                                           \
    return klab_msl::is_inf(float(x)) ? copysign(T(0), x) : copysign(T(float(x) - float(whole)), x);            \
  }                                                                                                             \
  KLAB_MSL_FN T sincos(T x, T& cosine) { cosine = cos(x); return sin(x); }
KLAB_MSL_REALS(KLAB_MSL_SPLITTING)
#undef KLAB_MSL_SPLITTING
KLAB_MSL_VECTOR1(ilogb)

template <class T, int N> KLAB_MSL_FN vec<T, N> frexp(const vec<T, N>& x, vec<int, N>& exponent) {
  vec<T, N> out;
  for (int i = 0; i < N; i++) out[i] = frexp(x[i], exponent[i]);
  return out;
}
template <class T, int N> KLAB_MSL_FN vec<T, N> ldexp(const vec<T, N>& x, const vec<int, N>& exponent) {
  vec<T, N> out;
  for (int i = 0; i < N; i++) out[i] = ldexp(x[i], exponent[i]);
  return out;
}
template <class T, int N> KLAB_MSL_FN vec<T, N> modf(const vec<T, N>& x, vec<T, N>& whole) {
  vec<T, N> out;
  for (int i = 0; i < N; i++) out[i] = modf(x[i], whole[i]);
  return out;
}
template <class T, int N> KLAB_MSL_FN vec<T, N> sincos(const vec<T, N>& x, vec<T, N>& cosine) {
  cosine = cos(x);
  return sin(x);
}

}  // namespace metal
