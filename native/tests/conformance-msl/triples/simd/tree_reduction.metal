// The halving loop with shuffle_down; only lane 0 holds the whole sum.
#include <metal_stdlib>
using namespace metal;

kernel void tree(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]],
                 uint group [[simdgroup_index_in_threadgroup]]) {
  float v = in[i];
  for (ushort delta = 16; delta > 0; delta >>= 1) v += simd_shuffle_down(v, delta);
  if (lane == 0) out[group] = v;
}
