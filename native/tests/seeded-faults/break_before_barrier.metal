// Threads leave the loop one by one; those that stay wait for them.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  float value = in[t];
  for (uint step = 0; step < 8; step++) {
    if (value < step) break;
    row[t] = value;
    threadgroup_barrier(mem_flags::mem_threadgroup);  // expect: divergent-barrier
    value -= row[t] / 8;
  }
  out[t] = value;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  float value = in[t];
  for (uint step = 0; step < 8; step++) {
    row[t] = value;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (value >= step) value -= row[t] / 8;
  }
  out[t] = value;
}
