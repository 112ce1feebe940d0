// fract of a tiny negative number stays below one.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[2 * i] = fract(in[i]);
  out[2 * i + 1] = fract(half(in[i]));
}
