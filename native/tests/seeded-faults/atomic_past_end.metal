// The histogram has a bin for every value but the largest.
// dispatch: grid=1 threads=64
// buffer 0: uint 64 iota
// buffer 1: uint 63 zeros
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const uint* in [[buffer(0)]], device atomic_uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit(&bins[in[i]], 1u, memory_order_relaxed);  // expect: out-of-bounds 1
}

kernel void clean(device const uint* in [[buffer(0)]], device atomic_uint* bins [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit(&bins[in[i] % 63], 1u, memory_order_relaxed);
}
