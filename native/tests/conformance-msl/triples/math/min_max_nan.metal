// fmin and fmax pass over NaN; min and max of floats do as well.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]]) {
  const float nan = in[0], one = in[1], two = in[2];
  out[0] = fmin(nan, one), out[1] = fmin(two, nan), out[2] = fmax(nan, two), out[3] = fmax(one, nan), out[4] = min(one, nan), out[5] = max(nan, one);
  out[6] = fmin3(one, nan, two), out[7] = fmax3(nan, one, two), out[8] = fmax(nan, nan), out[9] = fmedian3(two, one, 5.0f), out[10] = fmin(half(one), half(two)), out[11] = min3(two, one, 9.0f);
}
