// The same on vectors, and of halves.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float4* out [[buffer(0)]]) {
  int2 e;
  float2 w;
  const float2 v(12, -0.3125f), s = frexp(v, e), f = modf(float2(2.75f, -1.5f), w), l = ldexp(v, int2(1, -1));
  half c;
  const half z = sincos(0.0h, c);
  int he;
  const half hs = frexp(6.0h, he);
  out[0] = float4(s, float2(e)), out[1] = float4(f, w), out[2] = float4(l, z, c), out[3] = float4(hs, he, ldexp(0.75h, 4), ilogb(0.1h));
}
