// Where each of the shuffles takes its half from.
#include <metal_stdlib>
using namespace metal;

kernel void shuffles(device half* out [[buffer(0)]], device const half* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const half v = in[i];
  out[0 * n + i] = simd_shuffle(v, ushort((i * 5 + 3) % 32));
  out[1 * n + i] = simd_shuffle_xor(v, ushort(13));
  out[2 * n + i] = simd_shuffle_up(v, ushort(3));
  out[3 * n + i] = simd_shuffle_down(v, ushort(5));
  out[4 * n + i] = simd_shuffle_rotate_up(v, ushort(7));
  out[5 * n + i] = simd_shuffle_rotate_down(v, ushort(9));
  out[6 * n + i] = simd_broadcast(v, ushort(17));
  out[7 * n + i] = simd_broadcast_first(v);
}
