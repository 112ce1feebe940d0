// The same for vectors: both components move together.
#include <metal_stdlib>
using namespace metal;

kernel void fills(device half2* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const half2 v = half2(half(i), half(i) + 0.5h), filling = half2(-half(i), 64.0h);
  out[i] = simd_shuffle_and_fill_up(v, filling, ushort(2));
  out[n + i] = simd_shuffle_and_fill_down(v, filling, ushort(2));
}
