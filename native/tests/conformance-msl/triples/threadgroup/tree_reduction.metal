// Halving with a barrier at each step, for a size that is no power of two.
#include <metal_stdlib>
using namespace metal;

kernel void total(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]],
                  uint group [[threadgroup_position_in_grid]]) {
  threadgroup int part[128];
  part[t] = in[group * n + t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint left = n; left > 1;) {
    const uint half_way = (left + 1) / 2;
    if (t + half_way < left) part[t] += part[t + half_way];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    left = half_way;
  }
  if (t == 0) out[group] = part[0];
}
