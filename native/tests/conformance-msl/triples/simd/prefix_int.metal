// Prefix sums and products of int: inclusive counts the lane itself, exclusive starts at the neutral element.
#include <metal_stdlib>
using namespace metal;

kernel void prefix(device int* out [[buffer(0)]], device const int* in [[buffer(1)]],
                   uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int v = in[i];
  out[i] = simd_prefix_inclusive_sum(v);
  out[n + i] = simd_prefix_exclusive_sum(v);
  out[2 * n + i] = simd_prefix_inclusive_product(v);
  out[3 * n + i] = simd_prefix_exclusive_product(v);
}
