// The loop over k runs once too often.
// dispatch: grid=1 threads=16,8
// buffer 0: float 96 iota
// buffer 1: float 128 undefined
// buffer 2: float 192 iota
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device const float* b [[buffer(2)]], uint2 p [[thread_position_in_grid]]) {
  float sum = 0;
  for (uint k = 0; k <= 12; k++) sum += in[p.y * 12 + k] * b[k * 16 + p.x];  // expect: out-of-bounds read 0 // expect: out-of-bounds read 2
  out[p.y * 16 + p.x] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device const float* b [[buffer(2)]], uint2 p [[thread_position_in_grid]]) {
  float sum = 0;
  for (uint k = 0; k < 12; k++) sum += in[p.y * 12 + k] * b[k * 16 + p.x];
  out[p.y * 16 + p.x] = sum;
}
