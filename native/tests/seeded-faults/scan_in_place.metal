// A scan in place reads its neighbour between the same two barriers in which the neighbour is overwritten.
// dispatch: grid=1 threads=64
// buffer 0: float 64 ones
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float sums[64];
  sums[t] = in[t];
  for (uint offset = 1; offset < 64; offset *= 2) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (t >= offset) sums[t] += sums[t - offset];  // label: step // expect: race with step
  }
  out[t] = sums[t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float sums[64];
  sums[t] = in[t];
  for (uint offset = 1; offset < 64; offset *= 2) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    const float below = t >= offset ? sums[t - offset] : 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sums[t] += below;
  }
  out[t] = sums[t];
}
