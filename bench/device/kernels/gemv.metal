// y = B · a: one simdgroup a row, four floats a lane at a time; B is N×K, row-major float, K a multiple of 128.
//   grid: N/4 threadgroups of 4 simdgroups · 0 a, 1 B, 2 y, 3 M (1), 4 N, 5 K (uint)
#include <metal_stdlib>
using namespace metal;

kernel void gemv_f32(device const float* a [[buffer(0)]],
                     device const float* B [[buffer(1)]],
                     device float* y [[buffer(2)]],
                     constant uint& M [[buffer(3)]],
                     constant uint& N [[buffer(4)]],
                     constant uint& K [[buffer(5)]],
                     uint group [[threadgroup_position_in_grid]],
                     uint simdgroup [[simdgroup_index_in_threadgroup]],
                     uint lane [[thread_index_in_simdgroup]]) {
  const uint row = group * 4 + simdgroup;
  if (row >= N) return;
  B += ulong(row) * K;
  float sum = 0;
  for (uint k = lane * 4; k < K; k += 128) sum += dot(*(device const float4*)(a + k), *(device const float4*)(B + k));
  sum = simd_sum(sum);
  if (lane == 0) y[row] = sum;
}
