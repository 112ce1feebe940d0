// grid_origin is zero: the dispatch starts at the grid's first thread.
#include <metal_stdlib>
using namespace metal;

kernel void origin(device uint4* out [[buffer(0)]], uint3 origin [[grid_origin]], uint3 size [[grid_size]], uint i [[thread_position_in_grid]]) {
  out[i] = uint4(origin, size.x);
}
