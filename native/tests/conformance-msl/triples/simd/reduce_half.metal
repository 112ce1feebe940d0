// Reductions of half over a full simdgroup and one of 8 threads; every lane gets the result.
#include <metal_stdlib>
using namespace metal;

kernel void reduce(device half* out [[buffer(0)]], device const half* in [[buffer(1)]], device const half* factors [[buffer(2)]],
                   uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const half v = in[i];
  out[0 * n + i] = simd_sum(v);
  out[1 * n + i] = simd_product(factors[i]);
  out[2 * n + i] = simd_min(v);
  out[3 * n + i] = simd_max(v);
}
