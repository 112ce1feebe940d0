// Votes over a full simdgroup and one of 13 threads.
#include <metal_stdlib>
using namespace metal;

kernel void votes(device ulong* out [[buffer(0)]], device const uint* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = ulong(static_cast<simd_vote::vote_t>(simd_ballot(in[i] > 2)));
  out[n + i] = ulong(static_cast<simd_vote::vote_t>(simd_active_threads_mask()));
}
