// The same of a vector.
#include <metal_stdlib>
using namespace metal;

kernel void reduce(device half4* out [[buffer(0)]], device const half4* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = quad_sum(in[i]);
  out[n + i] = quad_min(in[i]);
  out[2 * n + i] = quad_max(in[i]);
}
