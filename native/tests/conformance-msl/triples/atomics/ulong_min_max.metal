// 64-bit minima and maxima, which return nothing.
#include <metal_stdlib>
using namespace metal;

kernel void extremes(device atomic_ulong* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
  atomic_max_explicit(&out[0], ulong(i) << 33, memory_order_relaxed);
  atomic_min_explicit(&out[1], (1ul << 40) - ulong(i), memory_order_relaxed);
}
