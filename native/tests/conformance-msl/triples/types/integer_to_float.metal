// Integers that a float cannot hold round to nearest even.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const int* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = in[i], out[n + i] = float(uint(in[i])), out[2 * n + i] = half(in[i]), out[3 * n + i] = float(long(in[i]) << 20);
}
