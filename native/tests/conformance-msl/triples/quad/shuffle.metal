// Where the quadgroup's shuffles take their values from.
#include <metal_stdlib>
using namespace metal;

kernel void shuffles(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uint v = i * 10;
  out[i] = quad_shuffle(v, ushort(3 - i % 4));
  out[n + i] = quad_shuffle_xor(v, ushort(2));
  out[2 * n + i] = quad_shuffle_up(v, ushort(1));
  out[3 * n + i] = quad_shuffle_down(v, ushort(2));
  out[4 * n + i] = quad_shuffle_rotate_up(v, ushort(1));
  out[5 * n + i] = quad_shuffle_rotate_down(v, ushort(1));
  out[6 * n + i] = quad_broadcast(v, ushort(2));
  out[7 * n + i] = quad_broadcast_first(v);
}
