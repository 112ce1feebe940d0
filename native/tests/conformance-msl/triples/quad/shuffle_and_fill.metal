// Fills within a quadgroup, and within pairs of lanes.
#include <metal_stdlib>
using namespace metal;

kernel void fills(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int v = int(i), filling = 100 + int(i);
  out[i] = quad_shuffle_and_fill_up(v, filling, ushort(1));
  out[n + i] = quad_shuffle_and_fill_down(v, filling, ushort(3));
  out[2 * n + i] = quad_shuffle_and_fill_up(v, filling, ushort(1), ushort(2));
}
