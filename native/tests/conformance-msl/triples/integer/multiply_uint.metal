// High halves of products, and products with a sum that saturate.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], device const uint* as [[buffer(1)]], device const uint* bs [[buffer(2)]], device const uint* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uint a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = mulhi(a, b);
  out[1 * n + i] = madhi(a, b, c);
  out[2 * n + i] = madsat(a, b, c);
}
