// i - 1 in unsigned arithmetic is four billion elements away.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] - in[i - 1];  // expect: out-of-bounds read 0
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] - (i ? in[i - 1] : 0);
}
