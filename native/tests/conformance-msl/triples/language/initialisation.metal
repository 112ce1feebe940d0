// Braces: missing members are zero, arrays of vectors, nested aggregates, vectors from one element.
#include <metal_stdlib>
using namespace metal;

struct Inner { float2 p; int n; };
struct Outer { Inner a[2]; float3 q; };
kernel void check(device float* out [[buffer(0)]]) {
  Outer o = {{{float2(1, 2), 3}}, float3(4)};
  float4 v = {5};
  float2 w[2] = {{6, 7}};
  int zeros[3] = {};
  half3 h{1, 2, 3};
  out[0] = o.a[0].p.y, out[1] = o.a[0].n, out[2] = o.a[1].n, out[3] = o.q.z, out[4] = v.x, out[5] = v.y;
  out[6] = w[0].y, out[7] = w[1].x, out[8] = zeros[2], out[9] = h.z;
}
