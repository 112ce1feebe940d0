// Halves multiplied into a float accumulator.
#include <metal_stdlib>
using namespace metal;

kernel void mma(device float* out [[buffer(0)]], device const half* in [[buffer(1)]]) {
  simdgroup_half8x8 a, b;
  simdgroup_float8x8 sum = make_filled_simdgroup_matrix<float, 8, 8>(0.5f);
  simdgroup_load(a, in, 8);
  simdgroup_load(b, in + 64, 8);
  simdgroup_multiply_accumulate(sum, a, b, sum);
  simdgroup_store(sum, out, 8);
}
