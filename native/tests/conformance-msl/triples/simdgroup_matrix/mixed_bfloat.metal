// Bfloats multiplied into a float accumulator.
#include <metal_stdlib>
using namespace metal;

kernel void mma(device float* out [[buffer(0)]], device const bfloat* in [[buffer(1)]]) {
  simdgroup_bfloat8x8 a, b;
  simdgroup_float8x8 sum(0.0f);
  simdgroup_load(a, in, 8);
  simdgroup_load(b, in + 64, 8);
  simdgroup_multiply_accumulate(sum, a, b, sum);
  simdgroup_store(sum, out, 8);
}
