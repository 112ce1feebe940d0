// Sums and differences that saturate, distances, and averages that do not overflow.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], device const int* as [[buffer(1)]], device const int* bs [[buffer(2)]], device const int* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = addsat(a, b);
  out[1 * n + i] = subsat(a, b);
  out[2 * n + i] = int(absdiff(a, b));
  out[3 * n + i] = hadd(a, b);
  out[4 * n + i] = rhadd(a, b);
}
