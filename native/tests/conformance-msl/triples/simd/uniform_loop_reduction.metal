// A matrix row summed by a simdgroup in steps of 32, as matrix-vector kernels do, with a tail.
#include <metal_stdlib>
using namespace metal;

kernel void row_sums(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], constant uint& columns [[buffer(2)]],
                     uint row [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  float sum = 0;
  for (uint c = lane; c < columns; c += 32) sum += in[row * columns + c];
  sum = simd_sum(sum);
  if (lane == 0) out[row] = sum;
}
