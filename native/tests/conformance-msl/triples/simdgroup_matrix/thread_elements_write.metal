// Elements changed in place, in vector form and one by one.
#include <metal_stdlib>
using namespace metal;

kernel void elements(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint lane [[thread_index_in_simdgroup]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 8);
  tile.thread_elements()[0] *= 2.0f;
  thread auto& both = tile.thread_elements();
  both[1] = both[1] + 100.0f;
  simdgroup_store(tile, out, 8);
}
