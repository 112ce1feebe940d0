// Two arrays are cut out of one [[threadgroup(0)]] block and overlap by one row.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
// threadgroup 0: 512
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], threadgroup float* memory [[threadgroup(0)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float* a = memory;
  threadgroup float* b = memory + 56;
  a[t] = in[t];  // label: a
  b[t] = 2 * in[t];  // expect: race with a
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = a[63 - t] + b[63 - t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], threadgroup float* memory [[threadgroup(0)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float* a = memory;
  threadgroup float* b = memory + 64;
  a[t] = in[t];
  b[t] = 2 * in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = a[63 - t] + b[63 - t];
}
