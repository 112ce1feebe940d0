// Prefix sums and products of float2: inclusive counts the lane itself, exclusive starts at the neutral element.
#include <metal_stdlib>
using namespace metal;

kernel void prefix(device float2* out [[buffer(0)]], device const float2* in [[buffer(1)]], device const float2* factors [[buffer(2)]],
                   uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const float2 v = in[i];
  out[i] = simd_prefix_inclusive_sum(v);
  out[n + i] = simd_prefix_exclusive_sum(v);
  out[2 * n + i] = simd_prefix_inclusive_product(factors[i]);
  out[3 * n + i] = simd_prefix_exclusive_product(factors[i]);
}
