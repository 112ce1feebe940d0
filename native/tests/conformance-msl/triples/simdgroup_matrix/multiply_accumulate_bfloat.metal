// d = a · b + c; the operands are small whole numbers, so every result is exact.
#include <metal_stdlib>
using namespace metal;

kernel void mma(device bfloat* out [[buffer(0)]], device const bfloat* in [[buffer(1)]]) {
  simdgroup_bfloat8x8 a, b, c, d;
  simdgroup_load(a, in, 8);
  simdgroup_load(b, in + 64, 8);
  simdgroup_load(c, in + 128, 8);
  simdgroup_multiply_accumulate(d, a, b, c);
  simdgroup_store(d, out, 8);
}
