// Only the first k tile is full; at the ragged last one the columns past k were never written in this buffer half.
// dispatch: grid=1 threads=32
// buffer 0: float 56 iota
// buffer 1: float 32 undefined
// bytes 2: uint 56
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& k [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][32];
  float sum = 0;
  for (uint step = 0; step < 2; step++) {
    if (step * 32 + t < k) tile[step][t] = in[step * 32 + t];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sum += tile[step][31 - t];  // expect: uninitialised
  }
  out[t] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& k [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][32];
  float sum = 0;
  for (uint step = 0; step < 2; step++) {
    tile[step][t] = step * 32 + t < k ? in[step * 32 + t] : 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sum += tile[step][31 - t];
  }
  out[t] = sum;
}
