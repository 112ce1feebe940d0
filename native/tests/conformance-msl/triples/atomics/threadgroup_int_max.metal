// Signed maxima and a flag in threadgroup memory.
#include <metal_stdlib>
using namespace metal;

kernel void extremes(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup atomic_int high, low;
  if (t == 0) {
    atomic_store_explicit(&high, -2147483647, memory_order_relaxed);
    atomic_store_explicit(&low, 2147483647, memory_order_relaxed);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_max_explicit(&high, in[t], memory_order_relaxed);
  atomic_fetch_min_explicit(&low, in[t], memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t == 7) {
    out[0] = atomic_load_explicit(&high, memory_order_relaxed);
    out[1] = atomic_load_explicit(&low, memory_order_relaxed);
  }
}
