// Geometric functions with results that need no tolerance, or little.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float4* out [[buffer(0)]]) {
  const float3 a(1, 2, 2), b(3, -1, 4);
  out[0] = float4(dot(a, b), length(a), distance(float2(0, 3), float2(4, 0)), length_squared(b)), out[1] = float4(cross(a, b), distance_squared(a, b));
  out[2] = float4(normalize(a * 3), dot(half3(1, 2, 3), half3(4, 5, 6))), out[3] = float4(reflect(float3(1, -1, 0), float3(0, 1, 0)), length(half2(3, 4)));
  out[4] = float4(faceforward(a, float3(0, 0, 1), float3(0, 0, 1)), dot(float2(1, 2), float2(3, 4)));
  out[5] = float4(refract(float3(0, -1, 0), float3(0, 1, 0), 0.5f), dot(float4(1), float4(2)));
}
