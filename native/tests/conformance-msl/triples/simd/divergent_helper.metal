// A helper that is called from both arms of a branch.
#include <metal_stdlib>
using namespace metal;

static uint total(uint v) { return simd_sum(v); }
kernel void diverge(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  if (lane & 4) out[i] = total(lane);
  else out[i] = total(100 + lane);
}
