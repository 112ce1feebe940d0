// An array of the threadgroup, reversed by its threads.
#include <metal_stdlib>
using namespace metal;

kernel void reverse(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup uint shared[48];
  shared[t] = i;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[i] = shared[47 - t];
}
