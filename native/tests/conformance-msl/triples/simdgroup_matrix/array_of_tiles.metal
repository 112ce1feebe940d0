// An array of accumulators: each simdgroup of four makes a 16x16 corner of a 32x32 product.
#include <metal_stdlib>
using namespace metal;

kernel void tiles(device float* out [[buffer(0)]], device const float* a [[buffer(1)]], device const float* b [[buffer(2)]], uint group [[simdgroup_index_in_threadgroup]]) {
  constexpr uint depth = 8, width = 32;
  const uint row = group / 2 * 16, column = group % 2 * 16;
  simdgroup_float8x8 sum[2][2], x[2], y[2];
  for (uint i = 0; i < 2; ++i)
    for (uint j = 0; j < 2; ++j) sum[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  for (uint i = 0; i < 2; ++i) simdgroup_load(x[i], a + (row + 8 * i) * depth, depth);
  for (uint j = 0; j < 2; ++j) simdgroup_load(y[j], b + column + 8 * j, width);
  for (uint i = 0; i < 2; ++i)
    for (uint j = 0; j < 2; ++j) {
      simdgroup_multiply_accumulate(sum[i][j], x[i], y[j], sum[i][j]);
      simdgroup_store(sum[i][j], out, width, ulong2(column + 8 * j, row + 8 * i));
    }
}
