// Rows are stepped by the padded width.
// dispatch: grid=1 threads=16,8
// buffer 0: float 128 iota
// buffer 1: float 128 undefined
// bytes 2: uint 16
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint2 p [[thread_position_in_grid]]) {
  const uint stride = n + 1;
  out[p.y * n + p.x] = in[p.y * stride + p.x];  // expect: out-of-bounds read 0
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint2 p [[thread_position_in_grid]]) {
  const uint stride = n;
  out[p.y * n + p.x] = in[p.y * stride + p.x];
}
