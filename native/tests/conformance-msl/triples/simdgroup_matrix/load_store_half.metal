// A tile read with one row distance and written with another.
#include <metal_stdlib>
using namespace metal;

kernel void copy(device half* out [[buffer(0)]], device const half* in [[buffer(1)]]) {
  simdgroup_half8x8 tile;
  simdgroup_load(tile, in, 10);
  simdgroup_store(tile, out, 12);
}
