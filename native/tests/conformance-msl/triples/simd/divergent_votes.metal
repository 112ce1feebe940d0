// Votes, first lanes and broadcasts in a branch.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]], uint lane [[thread_index_in_simdgroup]]) {
  if (lane % 4 != 1 && lane > 3) {
    out[i] = uint(static_cast<simd_vote::vote_t>(simd_ballot(lane % 2 == 0)));
    out[n + i] = simd_is_first() ? 1 : 2;
    out[2 * n + i] = simd_broadcast_first(lane * 10);
    out[3 * n + i] = uint(static_cast<simd_vote::vote_t>(simd_active_threads_mask()));
    out[4 * n + i] = (simd_any(lane == 31) ? 1 : 0) + (simd_all(lane > 3) ? 2 : 0) + (simd_any(lane == 5) ? 4 : 0);
  }
}
