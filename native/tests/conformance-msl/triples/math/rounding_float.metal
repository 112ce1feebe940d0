// To whole numbers: down, up, towards zero, to nearest even, to nearest away from zero; the sign of zero stays.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const float v = in[i];
  out[i] = floor(v), out[n + i] = ceil(v), out[2 * n + i] = trunc(v), out[3 * n + i] = rint(v), out[4 * n + i] = round(v);
}
