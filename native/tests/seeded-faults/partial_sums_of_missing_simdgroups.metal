// The last step sums 32 partial results, but the threadgroup has only four simdgroups.
// dispatch: grid=1 threads=128
// buffer 0: float 128 iota
// buffer 1: float 1 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float sums[32];
  const float sum = simd_sum(in[t]);
  if (lane == 0) sums[group] = sum;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (group == 0) {
    const float total = simd_sum(sums[lane]);  // expect: uninitialised
    if (lane == 0) out[0] = total;
  }
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float sums[32];
  const float sum = simd_sum(in[t]);
  if (lane == 0) sums[group] = sum;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (group == 0) {
    const float total = simd_sum(lane < 4 ? sums[lane] : 0);
    if (lane == 0) out[0] = total;
  }
}
