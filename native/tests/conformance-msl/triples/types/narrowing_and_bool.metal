// Integers are cut to fewer bits; anything but zero is true; true is one; chars are signed.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int v = in[i];
  out[i] = uchar(v), out[n + i] = char(v), out[2 * n + i] = ushort(v), out[3 * n + i] = short(v), out[4 * n + i] = bool(v) + bool(float(v) * 0.5f), out[5 * n + i] = int(uint(v) >> 28);
}
