// Branches inside branches.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  uint count = 0;
  if (lane < 20) {
    count = simd_sum(1u);
    if (lane % 2) {
      count += 100 * simd_sum(1u);
      if (lane > 10) count += 10000 * simd_sum(1u);
    } else if (lane % 4 == 0) {
      count += 100 * simd_sum(1u);
    }
    count += 1000000 * simd_sum(1u);
  }
  out[i] = count;
}
