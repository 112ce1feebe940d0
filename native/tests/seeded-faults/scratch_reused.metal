// Two reductions share one scratch array; the second starts while threads still read the first's result.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float scratch[2];
  const float top = simd_max(in[t]);
  if (lane == 0) scratch[group] = top;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  const float highest = max(scratch[0], scratch[1]);  // label: read
  const float sum = simd_sum(in[t] - highest);
  if (lane == 0) scratch[group] = sum;  // expect: race with read
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = (in[t] - highest) / (scratch[0] + scratch[1]);
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float scratch[2];
  const float top = simd_max(in[t]);
  if (lane == 0) scratch[group] = top;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  const float highest = max(scratch[0], scratch[1]);
  const float sum = simd_sum(in[t] - highest);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (lane == 0) scratch[group] = sum;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = (in[t] - highest) / (scratch[0] + scratch[1]);
}
