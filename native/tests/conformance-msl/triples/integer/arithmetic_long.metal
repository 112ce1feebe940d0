// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device long* out [[buffer(0)]], device const long* as [[buffer(1)]], device const long* bs [[buffer(2)]], device const long* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const long a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = long(a + b);
  out[1 * n + i] = long(a - b);
  out[2 * n + i] = long(a * b);
  out[3 * n + i] = b == 0 || (b == long(-1) && long(0) > long(-1)) ? long(0) : long(a / b);
  out[4 * n + i] = b == 0 || (b == long(-1) && long(0) > long(-1)) ? long(0) : long(a % b);
  out[5 * n + i] = long(a >> (c & 7));
  out[6 * n + i] = long(a << (c & 7));
  out[7 * n + i] = long(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = long(a < b) + long(a == b) * 2;
}
