// fma rounds once, float and half; the low part of a product shows it.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]]) {
  const float a = in[0], b = in[1];
  const half h = half(in[2]), g = half(in[3]);
  out[0] = fma(a, a, -b), out[1] = fma(h, h, -half(in[4])), out[2] = mad(2.0f, 3.0f, 4.0f), out[3] = fma(float2(a, 1), float2(a, 2), float2(-b, 3)).x, out[4] = fma(g, g, 0.0h);
}
