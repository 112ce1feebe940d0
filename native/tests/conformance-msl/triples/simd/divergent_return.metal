// Threads that have returned take no part any more.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]], uint lane [[thread_index_in_simdgroup]]) {
  out[i] = simd_sum(1u);
  if (lane % 5 == 2) return;
  out[n + i] = simd_sum(lane);
  if (lane > 25) return;
  out[2 * n + i] = uint(static_cast<simd_vote::vote_t>(simd_active_threads_mask()));
}
