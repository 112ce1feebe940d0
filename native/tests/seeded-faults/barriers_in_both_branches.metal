// Both arms wait, each at a barrier of its own: not the same barrier.
// dispatch: grid=1 threads=32
// buffer 0: float 32 iota
// buffer 1: float 32 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[32];
  if (t < 16) {
    row[t] = in[t];
    threadgroup_barrier(mem_flags::mem_threadgroup);  // label: first
  } else {
    row[t] = -in[t];
    threadgroup_barrier(mem_flags::mem_threadgroup);  // expect: divergent-barrier with first
  }
  out[t] = row[t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[32];
  if (t < 16) row[t] = in[t];
  else row[t] = -in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = row[31 - t];
}
