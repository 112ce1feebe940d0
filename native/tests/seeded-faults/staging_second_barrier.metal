// The next tile is staged while others still read the last one.
// dispatch: grid=2 threads=64
// buffer 0: float 512 iota
// buffer 1: float 128 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  threadgroup float tile[64];
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    tile[t] = in[(g * 4 + step) % 8 * 64 + t];  // label: store
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = 0; i < 64; i++) sum += tile[i];  // expect: race with store
  }
  out[g * 64 + t] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  threadgroup float tile[64];
  float sum = 0;
  for (uint step = 0; step < 4; step++) {
    threadgroup_barrier(mem_flags::mem_threadgroup);
    tile[t] = in[(g * 4 + step) % 8 * 64 + t];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = 0; i < 64; i++) sum += tile[i];
  }
  out[g * 64 + t] = sum;
}
