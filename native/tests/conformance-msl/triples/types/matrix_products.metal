// Products with vectors on either side, with matrices and numbers, sums, transpose, determinant.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]]) {
  const float3x2 m(1, 2, 3, 4, 5, 6);
  const float2 r = m * float3(1, 10, 100);
  const float3 l = float2(1, 10) * m;
  const float2x3 t = transpose(m);
  const float2x2 p = m * t, s = p + float2x2(1) - 2.0f * p;
  out[0] = r.x, out[1] = r.y, out[2] = l.x, out[3] = l.y, out[4] = l.z, out[5] = p[0][0], out[6] = p[0][1], out[7] = p[1][1], out[8] = s[0][0], out[9] = s[1][0];
  out[10] = determinant(p), out[11] = determinant(float3x3(2, 0, 1, 1, 3, 2, 1, 1, 1)), out[12] = determinant(float4x4(2));
  half2x2 h(1, 2, 3, 4);
  h *= 2.0h;
  const half2 hv = h * half2(1, 1);
  out[13] = hv.x, out[14] = (float2x2(h) * p)[0][0];
}
