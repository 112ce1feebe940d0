// <= where < was meant.
// dispatch: grid=2 threads=64
// buffer 0: float 100 iota
// buffer 1: float 101 undefined
// bytes 2: uint 100
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  if (i <= n) out[i] = 2 * in[i];  // expect: out-of-bounds read 0
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  if (i < n) out[i] = 2 * in[i];
}
