// The last 8x8 tile hangs over the end of a matrix with 12 rows.
// dispatch: grid=1 threads=32
// buffer 0: float 128 iota
// buffer 1: float 96 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  simdgroup_float8x8 tile;
  for (uint row = 0; row < 16; row += 8) {
    simdgroup_load(tile, in + row * 8, 8);
    simdgroup_store(tile, out + row * 8, 8);  // expect: out-of-bounds write 1
  }
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  simdgroup_float8x8 tile;
  for (uint row = 0; row < 8; row += 8) {
    simdgroup_load(tile, in + row * 8, 8);
    simdgroup_store(tile, out + row * 8, 8);
  }
  for (uint e = 64 + t; e < 96; e += 32) out[e] = in[e];
}
