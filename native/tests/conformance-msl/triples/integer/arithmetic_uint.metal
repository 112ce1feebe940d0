// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], device const uint* as [[buffer(1)]], device const uint* bs [[buffer(2)]], device const uint* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uint a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = uint(a + b);
  out[1 * n + i] = uint(a - b);
  out[2 * n + i] = uint(a * b);
  out[3 * n + i] = b == 0 || (b == uint(-1) && uint(0) > uint(-1)) ? uint(0) : uint(a / b);
  out[4 * n + i] = b == 0 || (b == uint(-1) && uint(0) > uint(-1)) ? uint(0) : uint(a % b);
  out[5 * n + i] = uint(a >> (c & 7));
  out[6 * n + i] = uint(a << (c & 7));
  out[7 * n + i] = uint(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = uint(a < b) + uint(a == b) * 2;
}
