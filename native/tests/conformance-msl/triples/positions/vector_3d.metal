// uint3 forms.
#include <metal_stdlib>
using namespace metal;

struct Row { packed_uint3 in_grid, in_group, group; };
kernel void triples(device Row* out [[buffer(0)]], uint3 in_grid [[thread_position_in_grid]], uint3 in_group [[thread_position_in_threadgroup]],
                    uint3 group [[threadgroup_position_in_grid]], uint3 grid [[threads_per_grid]]) {
  out[(in_grid.z * grid.y + in_grid.y) * grid.x + in_grid.x] = Row{in_grid, in_group, group};
}
