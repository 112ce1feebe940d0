// frexp, ldexp, modf and ilogb take numbers apart and put them together.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  int exponent;
  float whole;
  const float v = in[i], significand = frexp(v, exponent), fraction = modf(v, whole);
  out[6 * i] = significand, out[6 * i + 1] = exponent, out[6 * i + 2] = fraction, out[6 * i + 3] = whole, out[6 * i + 4] = ldexp(v, 3), out[6 * i + 5] = ilogb(v);
}
