// Counted atomically by all, read plainly by one threadgroup.
// dispatch: grid=4 threads=32
// buffer 0: float 4 iota
// buffer 1: float 1 undefined
// buffer 2: uint 1 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device atomic_uint* done [[buffer(2)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  if (t == 0) atomic_fetch_add_explicit(done, 1u, memory_order_relaxed);  // label: add
  if (g == 3 && t == 0) out[0] = *(device uint*)done;  // expect: cross-threadgroup-race with add
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device atomic_uint* done [[buffer(2)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
  if (t == 0) atomic_fetch_add_explicit(done, 1u, memory_order_relaxed);
  if (g == 3 && t == 0) out[0] = atomic_load_explicit(done, memory_order_relaxed);
}
