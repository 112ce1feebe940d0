// A tile is loaded with the row distance of a wider matrix.
// dispatch: grid=1 threads=32
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 16);  // expect: out-of-bounds read 0
  simdgroup_store(tile, out, 8);
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]]) {
  simdgroup_float8x8 tile;
  simdgroup_load(tile, in, 8);
  simdgroup_store(tile, out, 8);
}
