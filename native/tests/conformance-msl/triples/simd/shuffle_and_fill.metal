// What a shift leaves empty comes from the other end of the filling values, within blocks of `modulo` lanes.
#include <metal_stdlib>
using namespace metal;

kernel void fills(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int v = int(i), filling = 100 + int(i);
  out[i] = simd_shuffle_and_fill_up(v, filling, ushort(3));
  out[n + i] = simd_shuffle_and_fill_down(v, filling, ushort(5));
  out[2 * n + i] = simd_shuffle_and_fill_up(v, filling, ushort(1), ushort(8));
  out[3 * n + i] = simd_shuffle_and_fill_down(v, filling, ushort(3), ushort(16));
  out[4 * n + i] = simd_shuffle_and_fill_up(v, filling, ushort(0));
  out[5 * n + i] = simd_shuffle_and_fill_down(v, filling, ushort(7), ushort(8));
}
