// A grid in threads that the threadgroup does not divide: the last threadgroup is smaller.
#include <metal_stdlib>
using namespace metal;

struct Row { uint in_grid, in_group, threads, planned, grid, groups; };
kernel void edge(device Row* out [[buffer(0)]], uint in_grid [[thread_position_in_grid]], uint in_group [[thread_position_in_threadgroup]],
                 uint threads [[threads_per_threadgroup]], uint planned [[dispatch_threads_per_threadgroup]], uint grid [[threads_per_grid]],
                 uint groups [[threadgroups_per_grid]]) {
  out[in_grid] = Row{in_grid, in_group, threads, planned, grid, groups};
}
