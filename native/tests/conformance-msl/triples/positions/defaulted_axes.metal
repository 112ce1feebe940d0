// Axes that a launch leaves out have extent 1 and position 0.
#include <metal_stdlib>
using namespace metal;

kernel void axes(device uint* out [[buffer(0)]], uint3 in_grid [[thread_position_in_grid]], uint3 threads [[threads_per_threadgroup]], uint3 groups [[threadgroups_per_grid]]) {
  if (in_grid.x != 2) return;
  out[0] = in_grid.y, out[1] = in_grid.z;
  out[2] = threads.y, out[3] = threads.z;
  out[4] = groups.y, out[5] = groups.z;
}
