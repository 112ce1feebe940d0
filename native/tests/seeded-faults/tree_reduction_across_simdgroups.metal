// Sums of simdgroups are combined behind a barrier that covers one simdgroup only.
// dispatch: grid=1 threads=128
// buffer 0: float 128 iota
// buffer 1: float 1 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float sums[4];
  const float sum = simd_sum(in[t]);
  if (lane == 0) sums[group] = sum;  // label: store
  simdgroup_barrier(mem_flags::mem_threadgroup);
  if (t == 0) out[0] = sums[0] + sums[1] + sums[2] + sums[3];  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float sums[4];
  const float sum = simd_sum(in[t]);
  if (lane == 0) sums[group] = sum;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t == 0) out[0] = sums[0] + sums[1] + sums[2] + sums[3];
}
