// One thread publishes a value, all read it at once.
// dispatch: grid=3 threads=96
// buffer 0: float 3 iota
// buffer 1: float 288 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  threadgroup float shared;
  if (t == 0) shared = in[g];  // label: store
  out[g * 96 + t] = shared;  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  threadgroup float shared;
  if (t == 0) shared = in[g];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[g * 96 + t] = shared;
}
