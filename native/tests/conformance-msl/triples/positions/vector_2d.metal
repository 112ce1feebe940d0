// uint2 forms: the third axis is left out.
#include <metal_stdlib>
using namespace metal;

struct Row { uint2 in_grid, in_group, group, threads, grid, groups; };
kernel void pairs(device Row* out [[buffer(0)]], uint2 in_grid [[thread_position_in_grid]], uint2 in_group [[thread_position_in_threadgroup]],
                  uint2 group [[threadgroup_position_in_grid]], uint2 threads [[threads_per_threadgroup]], uint2 grid [[threads_per_grid]],
                  uint2 groups [[threadgroups_per_grid]]) {
  out[in_grid.y * grid.x + in_grid.x] = Row{in_grid, in_group, group, threads, grid, groups};
}
