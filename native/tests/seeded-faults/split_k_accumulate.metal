// The parts of a split-k product are added up in device memory without atomics.
// dispatch: grid=1,1,4 threads=32
// buffer 0: float 1024 iota
// buffer 1: float 32 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint3 g [[threadgroup_position_in_grid]]) {
  float sum = 0;
  for (uint k = g.z * 8; k < g.z * 8 + 8; k++) sum += in[k * 32 + t];
  out[t] += sum;  // label: add // expect: cross-threadgroup-race with add
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint3 g [[threadgroup_position_in_grid]]) {
  float sum = 0;
  for (uint k = g.z * 8; k < g.z * 8 + 8; k++) sum += in[k * 32 + t];
  atomic_fetch_add_explicit((device atomic_float*)&out[t], sum, memory_order_relaxed);
}
