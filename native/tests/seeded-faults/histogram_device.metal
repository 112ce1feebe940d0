// Threadgroups increment the same counters without atomics.
// dispatch: grid=4 threads=1
// buffer 0: uint 4 iota
// buffer 1: uint 2 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const uint* in [[buffer(0)]], device uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  bins[in[i] % 2] += 1;  // label: add // expect: cross-threadgroup-race with add
}

kernel void clean(device const uint* in [[buffer(0)]], device uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit((device atomic_uint*)&bins[in[i] % 2], 1u, memory_order_relaxed);
}
