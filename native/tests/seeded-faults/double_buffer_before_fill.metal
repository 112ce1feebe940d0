// The loop reads the half that the prologue did not fill.
// dispatch: grid=1 threads=64
// buffer 0: float 256 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][64];
  tile[0][t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    sum += tile[(step + 1) & 1][63 - t];  // expect: uninitialised
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (step < 3) tile[(step + 1) & 1][t] = in[(step + 1) * 64 + t];
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  out[t] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][64];
  tile[0][t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    sum += tile[step & 1][63 - t];
    if (step < 3) tile[(step + 1) & 1][t] = in[(step + 1) * 64 + t];
    threadgroup_barrier(mem_flags::mem_threadgroup);
  }
  out[t] = sum;
}
