// The names behind the library that public kernels call, with their mode argument.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]]) {
  int e;
  float w, c;
  out[0] = __metal_fmedian3(3.0f, 1.0f, 2.0f, __METAL_MAYBE_FAST_MATH__), out[1] = __metal_sqrt(16.0f, __METAL_MAYBE_FAST_MATH__), out[2] = __metal_fabs(-2.0f, __METAL_MAYBE_FAST_MATH__);
  out[3] = __metal_fract(1.25f, __METAL_MAYBE_FAST_MATH__), out[4] = __metal_fmax(1.0f, 2.0f, __METAL_MAYBE_FAST_MATH__), out[5] = __metal_fma(2.0f, 3.0f, 4.0f);
  out[6] = __metal_frexp(8.0f, &e), out[7] = e, out[8] = __metal_modf(2.5f, &w, __METAL_MAYBE_FAST_MATH__), out[9] = w, out[10] = __metal_ldexp(1.5f, 2, __METAL_MAYBE_FAST_MATH__);
  out[11] = __metal_sincos(0.0f, &c, __METAL_MAYBE_FAST_MATH__), out[12] = c, out[13] = __metal_rint(2.5f, __METAL_MAYBE_FAST_MATH__), out[14] = __metal_nextafter(1.0f, 2.0f) > 1.0f;
  out[15] = __metal_sinpi(0.5f, __METAL_MAYBE_FAST_MATH__), out[16] = __metal_exp2(3.0f, __METAL_MAYBE_FAST_MATH__), out[17] = __metal_rsqrt(0.25f, __METAL_MAYBE_FAST_MATH__), out[18] = __metal_simd_sum(3.0f);
}
