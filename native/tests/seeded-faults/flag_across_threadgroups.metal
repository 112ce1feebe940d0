// One threadgroup raises a flag in device memory with a plain store; the others look at it.
// dispatch: grid=4 threads=32
// buffer 0: float 4 iota
// buffer 1: float 128 undefined
// buffer 2: uint 1 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device uint* flag [[buffer(2)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  if (g == 0 && t == 0) flag[0] = 1;  // label: raise
  out[g * 32 + t] = g > 0 && flag[0] ? in[g] : 0;  // expect: cross-threadgroup-race with raise
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device uint* flag [[buffer(2)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  device atomic_uint* raised = (device atomic_uint*)flag;
  if (g == 0 && t == 0) atomic_store_explicit(raised, 1u, memory_order_relaxed);
  out[g * 32 + t] = g > 0 && atomic_load_explicit(raised, memory_order_relaxed) ? in[g] : 0;
}
