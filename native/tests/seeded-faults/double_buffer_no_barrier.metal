// Two halves save one barrier of two, not both.
// dispatch: grid=1 threads=64
// buffer 0: float 256 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][64];
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    tile[step & 1][t] = in[step * 64 + t];  // label: store
    simdgroup_barrier(mem_flags::mem_threadgroup);
    sum += tile[step & 1][63 - t];  // expect: race with store
  }
  out[t] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float tile[2][64];
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    tile[step & 1][t] = in[step * 64 + t];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sum += tile[step & 1][63 - t];
  }
  out[t] = sum;
}
