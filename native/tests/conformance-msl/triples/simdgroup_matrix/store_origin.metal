// The same on the way out.
#include <metal_stdlib>
using namespace metal;

kernel void copy(device float* out [[buffer(0)]], device const float* in [[buffer(1)]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 8);
  simdgroup_store(tile, out, 12, ulong2(1, 3));
}
