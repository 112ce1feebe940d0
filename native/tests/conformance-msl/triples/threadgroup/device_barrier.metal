// mem_device: writes to a buffer are seen by the other threads of the threadgroup.
#include <metal_stdlib>
using namespace metal;

kernel void pass(device uint* out [[buffer(0)]], device uint* scratch [[buffer(1)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]]) {
  scratch[i] = i * 2;
  threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup);
  out[i] = scratch[group * 40 + 39 - t];
}
