// In a branch only the lanes that take it count.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  if (i % 4 != 0 && i != 6) {
    out[i] = quad_sum(i);
    out[n + i] = quad_is_first() ? 1 : 2;
    out[2 * n + i] = quad_broadcast_first(i);
  }
}
