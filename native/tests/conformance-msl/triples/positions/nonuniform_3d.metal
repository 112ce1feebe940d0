// Edges along all three axes at once.
#include <metal_stdlib>
using namespace metal;

struct Row { packed_uint3 in_group, group, threads; uint index; };
kernel void edges(device Row* out [[buffer(0)]], uint3 in_grid [[thread_position_in_grid]], uint3 in_group [[thread_position_in_threadgroup]],
                  uint3 group [[threadgroup_position_in_grid]], uint3 threads [[threads_per_threadgroup]], uint3 grid [[threads_per_grid]],
                  uint index [[thread_index_in_threadgroup]]) {
  out[(in_grid.z * grid.y + in_grid.y) * grid.x + in_grid.x] = Row{in_group, group, threads, index};
}
