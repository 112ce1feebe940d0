// Counters in threadgroup memory: a histogram of 64 values for each threadgroup.
#include <metal_stdlib>
using namespace metal;

kernel void histogram(device uint* out [[buffer(0)]], device const uint* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]],
                      uint group [[threadgroup_position_in_grid]]) {
  threadgroup atomic_uint bins[8];
  if (t < 8) atomic_store_explicit(&bins[t], 0u, memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_add_explicit(&bins[in[i] % 8], 1u, memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 8) out[group * 8 + t] = atomic_load_explicit(&bins[t], memory_order_relaxed);
}
