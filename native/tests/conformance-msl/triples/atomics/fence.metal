// Ordinary writes before a fence are seen by the thread that counts last.
#include <metal_stdlib>
using namespace metal;

kernel void last(device atomic_uint* done [[buffer(0)]], device uint* parts [[buffer(1)]], device uint* out [[buffer(2)]], uint t [[thread_index_in_threadgroup]],
                 uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]]) {
  const uint sum = simd_sum(group * 32 + t);
  if (t != 0) return;
  parts[group] = sum;
  atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_device);
  if (atomic_fetch_add_explicit(done, 1u, memory_order_relaxed) + 1 == groups) {
    atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_device);
    uint total = 0;
    for (uint i = 0; i < groups; ++i) total += parts[i];
    *out = total;
  }
}
