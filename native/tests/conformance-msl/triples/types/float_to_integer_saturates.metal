// What is out of range becomes the nearest value that is in it, and NaN zero, as on every Apple GPU.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], device uint* unsigned_out [[buffer(1)]], device const float* in [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = int(in[i]), unsigned_out[i] = uint(in[i]);
}
