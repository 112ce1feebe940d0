// Threads of one threadgroup increment the same counter in device memory.
// dispatch: grid=1 threads=64
// buffer 0: uint 64 iota
// buffer 1: uint 8 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const uint* in [[buffer(0)]], device uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  bins[in[i] % 8] += 1;  // label: add // expect: race with add
}

kernel void clean(device const uint* in [[buffer(0)]], device uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit((device atomic_uint*)&bins[in[i] % 8], 1u, memory_order_relaxed);
}
