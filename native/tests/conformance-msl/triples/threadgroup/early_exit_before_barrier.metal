// Simdgroups that have returned are not waited for.
#include <metal_stdlib>
using namespace metal;

kernel void exit(device uint* out [[buffer(0)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup uint shared[64];
  if (t >= 64) return;
  shared[t] = t;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = shared[63 - t];
}
