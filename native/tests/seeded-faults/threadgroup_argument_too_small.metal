// The host gives the [[threadgroup(0)]] block half the bytes that the kernel uses.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
// threadgroup 0: 128
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], threadgroup float* memory [[threadgroup(0)]], uint t [[thread_index_in_threadgroup]]) {
  memory[t] = in[t];  // expect: out-of-bounds write
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = memory[t % 32];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], threadgroup float* memory [[threadgroup(0)]], uint t [[thread_index_in_threadgroup]]) {
  if (t < 32) memory[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = memory[t % 32];
}
