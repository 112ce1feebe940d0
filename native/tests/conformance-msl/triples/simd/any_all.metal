// any and all, and the votes' members of the same name; `all` of a vote asks every lane there can be.
#include <metal_stdlib>
using namespace metal;

kernel void votes(device uint* out [[buffer(0)]], device const uint* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const bool v = in[i] != 0;
  out[i] = simd_any(v);
  out[n + i] = simd_all(v);
  out[2 * n + i] = simd_ballot(v).any();
  out[3 * n + i] = simd_any(!v) && !simd_all(v);
}
