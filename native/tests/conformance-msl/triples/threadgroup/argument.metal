// Memory whose size the launch says, through two bindings.
#include <metal_stdlib>
using namespace metal;

kernel void swap(device uint* out [[buffer(0)]], threadgroup uint* a [[threadgroup(0)]], threadgroup ushort* b [[threadgroup(1)]], uint t [[thread_index_in_threadgroup]]) {
  a[t] = t * 10;
  b[t] = ushort(t + 1);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = a[7 - t] + b[(t + 1) % 8];
}
