// The tile is written as float2 and read as float4: every other half was never written.
// dispatch: grid=1 threads=32
// buffer 0: float 64 iota
// buffer 1: float 32 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float4 tile[32];
  ((threadgroup float2*)tile)[2 * t] = float2(in[2 * t], in[2 * t + 1]);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  const float4 v = tile[31 - t];  // expect: uninitialised
  out[t] = v.x + v.y + v.z + v.w;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float4 tile[32];
  tile[t] = float4(in[2 * t], in[2 * t + 1], 0, 0);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  const float4 v = tile[31 - t];
  out[t] = v.x + v.y + v.z + v.w;
}
