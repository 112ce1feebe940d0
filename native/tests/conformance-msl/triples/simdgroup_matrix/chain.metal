// An accumulator over a loop of tiles, which is a row of tiles times a column of them.
#include <metal_stdlib>
using namespace metal;

kernel void chain(device float* out [[buffer(0)]], device const float* a [[buffer(1)]], device const float* b [[buffer(2)]], constant uint& depth [[buffer(3)]]) {
  simdgroup_float8x8 x, y, sum = simdgroup_float8x8(0);
  for (uint k = 0; k < depth; k += 8) {
    simdgroup_load(x, a + k, depth);
    simdgroup_load(y, b + k * 8, 8);
    simdgroup_multiply_accumulate(sum, x, y, sum);
  }
  simdgroup_store(sum, out, 8);
}
