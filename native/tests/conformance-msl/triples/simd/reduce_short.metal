// Reductions of short over a full simdgroup and one of 8 threads; every lane gets the result.
#include <metal_stdlib>
using namespace metal;

kernel void reduce(device short* out [[buffer(0)]], device const short* in [[buffer(1)]],
                   uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const short v = in[i];
  out[0 * n + i] = simd_sum(v);
  out[1 * n + i] = simd_product(v);
  out[2 * n + i] = simd_min(v);
  out[3 * n + i] = simd_max(v);
  out[4 * n + i] = simd_and(v);
  out[5 * n + i] = simd_or(v);
  out[6 * n + i] = simd_xor(v);
}
