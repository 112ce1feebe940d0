// Counters in threadgroup memory are incremented without atomics.
// dispatch: grid=1 threads=64
// buffer 0: uint 64 iota
// buffer 1: uint 8 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup uint bins[8];
  if (t < 8) bins[t] = 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  bins[in[t] % 8] += 1;  // label: add // expect: race with add
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 8) out[t] = bins[t];
}

kernel void clean(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup atomic_uint bins[8];
  if (t < 8) atomic_store_explicit(&bins[t], 0u, memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_add_explicit(&bins[in[t] % 8], 1u, memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 8) out[t] = atomic_load_explicit(&bins[t], memory_order_relaxed);
}
