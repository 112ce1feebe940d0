// Conversions of floats to integers round towards zero.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const float v = in[i];
  out[i] = int(v), out[n + i] = short(v), out[2 * n + i] = char(v), out[3 * n + i] = int(uchar(abs(v))), out[4 * n + i] = int(half(v)), out[5 * n + i] = int(long(v));
}
