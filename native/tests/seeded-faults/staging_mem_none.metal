// A barrier with mem_none orders no memory at all.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[64];
  tile[t] = in[t];  // label: store
  threadgroup_barrier(mem_flags::mem_none);
  out[t] = tile[63 - t];  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[64];
  tile[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_none);
  out[t] = tile[63 - t];
}
