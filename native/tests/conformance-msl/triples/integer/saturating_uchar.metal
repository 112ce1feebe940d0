// Sums and differences that saturate, distances, and averages that do not overflow.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uchar* out [[buffer(0)]], device const uchar* as [[buffer(1)]], device const uchar* bs [[buffer(2)]], device const uchar* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uchar a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = addsat(a, b);
  out[1 * n + i] = subsat(a, b);
  out[2 * n + i] = uchar(absdiff(a, b));
  out[3 * n + i] = hadd(a, b);
  out[4 * n + i] = rhadd(a, b);
}
