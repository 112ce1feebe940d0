// Every position attribute as a scalar uint in a one-dimensional dispatch.
#include <metal_stdlib>
using namespace metal;

struct Row { uint in_grid, in_group, group, index, threads, grid, groups; };
kernel void scalars(device Row* out [[buffer(0)]], uint in_grid [[thread_position_in_grid]], uint in_group [[thread_position_in_threadgroup]],
                    uint group [[threadgroup_position_in_grid]], uint index [[thread_index_in_threadgroup]],
                    uint threads [[threads_per_threadgroup]], uint grid [[threads_per_grid]], uint groups [[threadgroups_per_grid]]) {
  out[in_grid] = Row{in_grid, in_group, group, index, threads, grid, groups};
}
