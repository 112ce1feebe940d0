// Components read in any order and written, also nested, compound, through arrays, struct members and pointers.
#include <metal_stdlib>
using namespace metal;

struct Holder { float4 v; };
kernel void check(device float4* out [[buffer(0)]], device float3* triples [[buffer(1)]]) {
  float4 v(1, 2, 3, 4);
  out[0] = v.wzyx, out[1] = v.xxyy, out[2] = float4(v.rgb, v.a), out[3] = v.xyz.zyx.xxyy;
  v.xz = float2(10, 30);
  out[4] = v;
  v.yw *= 2;
  out[5] = v;
  v.xyzw = v.yxwz;
  out[6] = v;
  Holder h[2];
  h[1].v = float4(0);
  h[1].v.zy = v.xy;
  h[1].v.rgb.x;
  out[7] = h[1].v;
  out[8].wx = float2(5, 6);
  triples[1].yz += float2(1, 2);
  float3 t = triples[1];
  t.xy = t.yx;
  out[9] = float4(t, dot(v.xy, v.zw));
}
