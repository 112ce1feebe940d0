// Position attributes may be ushort, whatever the others are.
#include <metal_stdlib>
using namespace metal;

kernel void shorts(device ushort4* out [[buffer(0)]], ushort in_grid [[thread_position_in_grid]], ushort in_group [[thread_position_in_threadgroup]],
                   ushort group [[threadgroup_position_in_grid]], ushort lane [[thread_index_in_simdgroup]]) {
  out[in_grid] = ushort4(in_grid, in_group, group, lane);
}
