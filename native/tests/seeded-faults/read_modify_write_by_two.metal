// Two threads add to the same element of threadgroup memory.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 32 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float half_sums[32];
  if (t < 32) half_sums[t] = 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  half_sums[t / 2] += in[t];  // label: add // expect: race with add
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 32) out[t] = half_sums[t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float half_sums[32];
  if (t < 32) half_sums[t] = in[2 * t] + in[2 * t + 1];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 32) out[t] = half_sums[31 - t];
}
