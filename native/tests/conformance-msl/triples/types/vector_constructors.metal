// Vectors from scalars, other vectors, and parts of several.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float4* out [[buffer(0)]]) {
  const float2 p(1, 2);
  const int3 q(3, 4, 5);
  out[0] = float4(7), out[1] = float4(p, 3, 4), out[2] = float4(0, p, 9), out[3] = float4(p, p), out[4] = float4(float3(q), 6), out[5] = float4(int4(1, -2, 3, 4));
  out[6] = float4(half4(0.5h)), out[7] = float4(packed_float3(1, 2, 3), 4), out[8] = float4(p.yx, float2(q.zx)), out[9] = float4(uchar4(255, 0, 1, 2));
}
