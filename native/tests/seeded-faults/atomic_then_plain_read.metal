// The counter is added to atomically and then read plainly, with nothing in between.
// dispatch: grid=1 threads=64
// buffer 0: uint 64 iota
// buffer 1: uint 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup uint total;
  if (t == 0) total = 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_add_explicit((threadgroup atomic_uint*)&total, in[t], memory_order_relaxed);  // label: add
  out[t] = total;  // expect: race with add
}

kernel void clean(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup uint total;
  if (t == 0) total = 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  atomic_fetch_add_explicit((threadgroup atomic_uint*)&total, in[t], memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = total;
}
