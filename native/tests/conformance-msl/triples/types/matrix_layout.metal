// Matrices are stored by columns and built from columns, numbers or a diagonal.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float2x3* in [[buffer(1)]]) {
  const float2x3 m = in[0];
  out[0] = m[0][0], out[1] = m[0].z, out[2] = m[1].x, out[3] = m.columns[1][2];
  const float2x2 a(1, 2, 3, 4), b(float2(5, 6), float2(7, 8)), d(9);
  out[4] = a[0][1], out[5] = a[1][0], out[6] = b[1].y, out[7] = d[0][0] + d[1][1], out[8] = d[0][1];
  float3x3 w(1.0f);
  w[2] = float3(1, 2, 3);
  w[0].yz = 4.0f;
  out[9] = w[2][1], out[10] = w[0][2], out[11] = sizeof(float3x2);
}
