// Float sums, exact whatever their order.
#include <metal_stdlib>
using namespace metal;

kernel void sums(device atomic_float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit(&out[0], in[i], memory_order_relaxed);
  atomic_fetch_sub_explicit(&out[1], in[i], memory_order_relaxed);
}
