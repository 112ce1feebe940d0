// Which two elements each lane holds, on every Apple GPU so far; kernels that scale fragments rely on it.
#include <metal_stdlib>
using namespace metal;

kernel void elements(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint lane [[thread_index_in_simdgroup]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 8);
  const float2 mine = tile.thread_elements();
  out[2 * lane] = mine.x;
  out[2 * lane + 1] = mine[1];
}
