// Prefix sums leave out the lanes that are elsewhere.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]], uint lane [[thread_index_in_simdgroup]]) {
  if (lane % 3 != 1) {
    out[i] = simd_prefix_inclusive_sum(lane);
    out[n + i] = simd_prefix_exclusive_sum(1u);
  } else {
    out[i] = simd_prefix_exclusive_sum(lane) + 1000;
  }
}
