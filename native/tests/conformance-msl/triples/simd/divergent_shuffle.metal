// Shuffles between lanes that are all in the branch.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  uint v = lane * 3;
  if (lane < 16) v = simd_shuffle_xor(v, ushort(5));
  else v = simd_shuffle(v, ushort(47 - lane));
  out[i] = v;
}
