// The tile holds one simdgroup's elements, the threadgroup has two.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[32];
  tile[t] = in[t];  // expect: out-of-bounds write
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = t < 32 ? tile[31 - t] : 0;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[64];
  tile[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = t < 32 ? tile[31 - t] : 0;
}
