// Signed minima and maxima.
#include <metal_stdlib>
using namespace metal;

kernel void fetch(device atomic_int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit(&out[0], in[i], memory_order_relaxed);
  atomic_fetch_sub_explicit(&out[1], in[i], memory_order_relaxed);
  atomic_fetch_min_explicit(&out[2], in[i], memory_order_relaxed);
  atomic_fetch_max_explicit(&out[3], in[i], memory_order_relaxed);
}
