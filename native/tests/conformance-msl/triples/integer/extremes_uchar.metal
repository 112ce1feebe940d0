// Minima, maxima, medians, clamps.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uchar* out [[buffer(0)]], device const uchar* as [[buffer(1)]], device const uchar* bs [[buffer(2)]], device const uchar* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uchar a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = min(a, b);
  out[1 * n + i] = max(a, b);
  out[2 * n + i] = min3(a, b, c);
  out[3 * n + i] = max3(a, b, c);
  out[4 * n + i] = median3(a, b, c);
  out[5 * n + i] = clamp(a, min(b, c), max(b, c));
}
