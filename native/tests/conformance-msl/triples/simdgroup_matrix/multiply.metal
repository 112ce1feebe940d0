// The product alone, and an operand as the result.
#include <metal_stdlib>
using namespace metal;

kernel void multiply(device float* out [[buffer(0)]], device const float* in [[buffer(1)]]) {
  simdgroup_float8x8 a, b, d;
  simdgroup_load(a, in, 8);
  simdgroup_load(b, in + 64, 8);
  simdgroup_multiply(d, a, b);
  simdgroup_store(d, out, 8);
  simdgroup_multiply(a, a, b);
  simdgroup_store(a, out + 64, 8);
}
