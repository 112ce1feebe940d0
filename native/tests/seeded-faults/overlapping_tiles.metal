// Each threadgroup writes one column more than is its own.
// dispatch: grid=4 threads=33
// buffer 0: float 129 iota
// buffer 1: float 129 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  out[g * 32 + t] = in[g * 32 + t];  // label: store // expect: cross-threadgroup-race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  if (t < 32 || g == 3) out[g * 32 + t] = in[g * 32 + t];
}
