// transpose swaps rows and columns while reading; 0 as origin means the first element.
#include <metal_stdlib>
using namespace metal;

kernel void copy(device half* out [[buffer(0)]], device const half* in [[buffer(1)]]) {
  simdgroup_half8x8 tile;
  simdgroup_load(tile, in, 9, 0, true);
  simdgroup_store(tile, out, 8);
}
