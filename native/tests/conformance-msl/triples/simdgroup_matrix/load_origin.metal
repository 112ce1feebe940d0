// origin is (column, row) in memory of the tile's first element.
#include <metal_stdlib>
using namespace metal;

kernel void copy(device float* out [[buffer(0)]], device const float* in [[buffer(1)]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 16, ulong2(3, 2));
  simdgroup_store(tile, out, 8);
}
