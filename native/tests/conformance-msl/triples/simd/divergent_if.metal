// In a branch only the lanes that take it count; after it all do again.
#include <metal_stdlib>
using namespace metal;

kernel void diverge(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]], uint lane [[thread_index_in_simdgroup]]) {
  int inside = 0;
  if (lane % 3 == 0) inside = simd_sum(int(lane));
  else inside = -simd_sum(int(lane));
  out[i] = inside;
  out[n + i] = simd_sum(1);
}
