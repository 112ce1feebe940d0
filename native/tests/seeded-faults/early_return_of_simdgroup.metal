// A whole simdgroup returns before a barrier that the other reaches.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float row[64];
  row[t] = in[t];
  if (group == 1) return;
  threadgroup_barrier(mem_flags::mem_threadgroup);  // expect: divergent-barrier
  out[t] = row[t + 32];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float row[64];
  row[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (group == 1) return;
  out[t] = row[t + 32];
}
