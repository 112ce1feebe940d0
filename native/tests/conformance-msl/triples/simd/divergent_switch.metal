// The cases of a switch, one of them falling through.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  uint v = 0;
  switch (lane % 4) {
    case 0: v = simd_sum(lane); break;
    case 1: v = 1000 + simd_max(lane); break;
    case 2: v = 2000 + simd_min(lane); break;
    default: v = 3000 + simd_sum(1u);
  }
  out[i] = v;
}
