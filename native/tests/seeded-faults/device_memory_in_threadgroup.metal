// Neighbours in a threadgroup exchange values through device memory behind a barrier for threadgroup memory only.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
// buffer 2: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device float* scratch [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  scratch[t] = in[t];  // label: store
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = scratch[63 - t];  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device float* scratch [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  scratch[t] = in[t];
  threadgroup_barrier(mem_flags::mem_device);
  out[t] = scratch[63 - t];
}
