// Votes over quadgroups; the last one has three lanes.
#include <metal_stdlib>
using namespace metal;

kernel void votes(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = ushort(static_cast<quad_vote::vote_t>(quad_ballot(i % 3 == 0)));
  out[n + i] = ushort(static_cast<quad_vote::vote_t>(quad_active_threads_mask()));
  out[2 * n + i] = (quad_any(i % 5 == 0) ? 1 : 0) + (quad_all(i < 7) ? 2 : 0) + (quad_is_first() ? 4 : 0);
}
