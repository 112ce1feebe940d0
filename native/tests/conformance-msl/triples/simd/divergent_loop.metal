// Lanes leave a loop at different rounds; each round sums over those still in it.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]], uint lane [[thread_index_in_simdgroup]]) {
  uint sum = 0;
  for (uint round = 0; round < lane % 7; ++round) sum += simd_sum(lane);
  out[i] = sum;
  out[n + i] = simd_max(sum);
}
