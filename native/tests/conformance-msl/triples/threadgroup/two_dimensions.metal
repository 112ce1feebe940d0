// A tile of rows with padding, transposed.
#include <metal_stdlib>
using namespace metal;

kernel void transpose_tile(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint2 p [[thread_position_in_threadgroup]]) {
  threadgroup float tile[8][9];
  tile[p.y][p.x] = in[p.y * 8 + p.x];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[p.y * 8 + p.x] = tile[p.x][p.y];
}
