// Past the end of one threadgroup array begins another one.
// dispatch: grid=1 threads=33
// buffer 0: float 33 iota
// buffer 1: float 33 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float a[32];
  threadgroup float b[64];
  b[t] = in[t];
  a[t] = -in[t];  // expect: out-of-bounds write
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = b[t] + a[t / 2];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float a[33];
  threadgroup float b[64];
  b[t] = in[t];
  a[t] = -in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = b[t] + a[t / 2];
}
