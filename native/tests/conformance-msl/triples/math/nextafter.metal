// The next number in a direction, through zero, powers of two and the largest.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[2 * i] = as_type<uint>(nextafter(in[2 * i], in[2 * i + 1]));
  out[2 * i + 1] = as_type<ushort>(nextafter(half(in[2 * i]), half(in[2 * i + 1])));
}
