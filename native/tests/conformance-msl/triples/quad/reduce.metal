// Reductions over groups of four lanes; the last one has two.
#include <metal_stdlib>
using namespace metal;

kernel void reduce(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int v = in[i];
  out[i] = quad_sum(v);
  out[n + i] = quad_product(v);
  out[2 * n + i] = quad_min(v);
  out[3 * n + i] = quad_max(v);
  out[4 * n + i] = quad_and(v);
  out[5 * n + i] = quad_or(v);
  out[6 * n + i] = quad_xor(v);
}
