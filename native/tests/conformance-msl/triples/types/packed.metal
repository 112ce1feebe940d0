// Packed vectors lie without gaps and take part in arithmetic.
#include <metal_stdlib>
using namespace metal;

struct Vertex { packed_float3 p; packed_half2 uv; packed_uchar4 color; };
kernel void check(device float* out [[buffer(0)]], device const packed_float3* in [[buffer(1)]], device Vertex* vertices [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  const float3 v = in[i];
  packed_float3 p = v * 2.0f;
  p.y = 100;
  p[2] += 0.5f;
  out[4 * i] = p.x + p.y, out[4 * i + 1] = p.z, out[4 * i + 2] = dot(float3(in[i]), float3(1)), out[4 * i + 3] = sizeof(Vertex);
  vertices[i].p = p;
  vertices[i].uv = half2(i, 1);
  vertices[i].color = packed_uchar4(uchar4(i, 2, 3, 4));
}
