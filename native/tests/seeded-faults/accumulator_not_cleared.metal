// Sums in threadgroup memory start from whatever was there.
// dispatch: grid=1 threads=64
// buffer 0: float 256 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float sums[64];
  for (uint i = t; i < 256; i += 64) sums[t] += in[i];  // expect: uninitialised
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = sums[63 - t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float sums[64];
  sums[t] = 0;
  for (uint i = t; i < 256; i += 64) sums[t] += in[i];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = sums[63 - t];
}
