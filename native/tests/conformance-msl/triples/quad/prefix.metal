// Prefix sums and products start anew in each quadgroup.
#include <metal_stdlib>
using namespace metal;

kernel void prefix(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = quad_prefix_inclusive_sum(in[i]);
  out[n + i] = quad_prefix_exclusive_sum(in[i]);
  out[2 * n + i] = quad_prefix_inclusive_product(in[i]);
  out[3 * n + i] = quad_prefix_exclusive_product(in[i]);
}
