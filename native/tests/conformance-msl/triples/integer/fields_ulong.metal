// Rotations and bit fields.
#include <metal_stdlib>
using namespace metal;

kernel void check(device ulong* out [[buffer(0)]], device const ulong* as [[buffer(1)]], device const ulong* bs [[buffer(2)]], device const ulong* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const ulong a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = rotate(a, b);
  out[1 * n + i] = extract_bits(a, 3u, 4u);
  out[2 * n + i] = insert_bits(a, b, 2u, 5u);
  out[3 * n + i] = extract_bits(a, 0u, 64u);
  out[4 * n + i] = extract_bits(a, 1u, 0u);
}
