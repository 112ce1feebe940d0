// The last steps rely on a simdgroup running in lockstep, which Metal does not promise without simdgroup_barrier.
// dispatch: grid=1 threads=128
// buffer 0: float 128 iota
// buffer 1: float 1 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float part[128];
  part[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint stride = 64; stride > 16; stride /= 2) {
    if (t < stride) part[t] += part[t + stride];
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  for (uint stride = 16; stride > 0; stride /= 2) {
    if (t < stride) part[t] += part[t + stride];  // label: step // expect: race with step
  }
  if (t == 0) out[0] = part[0];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float part[128];
  part[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint stride = 64; stride > 16; stride /= 2) {
    if (t < stride) part[t] += part[t + stride];
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  for (uint stride = 16; stride > 0; stride /= 2) {
    if (t < stride) part[t] += part[t + stride];
    simdgroup_barrier(mem_flags::mem_threadgroup);
  }
  if (t == 0) out[0] = part[0];
}
