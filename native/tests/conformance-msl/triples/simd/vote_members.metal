// simd_vote: from bits and back, any and all.
#include <metal_stdlib>
using namespace metal;

kernel void votes(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
  const simd_vote none(0), some(0x10), every(0xffffffff);
  if (i != 0) return;
  out[0] = none.any(), out[1] = some.any(), out[2] = every.any();
  out[3] = none.all(), out[4] = some.all(), out[5] = every.all();
  out[6] = uint(static_cast<simd_vote::vote_t>(some));
}
