// Row and column change places: harmless while the matrix is square.
// dispatch: grid=1 threads=16,8
// buffer 0: float 128 iota
// buffer 1: float 128 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint2 p [[thread_position_in_grid]]) {
  out[p.y * 16 + p.x] = in[p.x * 16 + p.y];  // expect: out-of-bounds read 0
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint2 p [[thread_position_in_grid]]) {
  out[p.y * 16 + p.x] = in[p.x * 8 + p.y];
}
