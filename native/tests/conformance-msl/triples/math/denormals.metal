// Denormal floats are zero: as operands, as results, and for comparisons, as on the GPU.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* xs [[buffer(1)]], device const float* factors [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  const float x = xs[i], half_of = factors[0], huge = factors[1], none = factors[2], least = factors[3];
  out[i] = x * half_of;
  out[4 + i] = x + none;
  out[8 + i] = x == 0 ? 1 : 2;
  out[12 + i] = x * huge;
  out[16 + i] = x - least;
  out[20 + i] = x > none ? 1 : x < none ? -1 : 0;
}
