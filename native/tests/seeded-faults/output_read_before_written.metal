// beta · C although C holds nothing yet: 0 times NaN is NaN.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
// bytes 2: float 0
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant float& beta [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] + beta * out[i];  // expect: uninitialised
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant float& beta [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] + (beta != 0 ? beta * out[i] : 0);
}
