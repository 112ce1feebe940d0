// What kind of number it is; holds under fast math as well.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], device const float* in [[buffer(1)]], device const half* halves [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  const float v = in[i];
  const half h = halves[i];
  out[2 * i] = isnan(v) + isinf(v) * 2 + isfinite(v) * 4 + isnormal(v) * 8 + signbit(v) * 16;
  out[2 * i + 1] = isnan(h) + isinf(h) * 2 + isfinite(h) * 4 + isnormal(h) * 8 + signbit(h) * 16;
}
