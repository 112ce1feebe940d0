// All threads write the flag: the same value, but at the same time.
// dispatch: grid=1 threads=64
// buffer 0: float 64 ones
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup int found;
  if (in[t] > 0) found = 1;  // label: store // expect: race with store
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = found;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup int found;
  if (t == 0) found = in[t] > 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = found;
}
