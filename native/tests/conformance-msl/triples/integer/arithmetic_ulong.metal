// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device ulong* out [[buffer(0)]], device const ulong* as [[buffer(1)]], device const ulong* bs [[buffer(2)]], device const ulong* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const ulong a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = ulong(a + b);
  out[1 * n + i] = ulong(a - b);
  out[2 * n + i] = ulong(a * b);
  out[3 * n + i] = b == 0 || (b == ulong(-1) && ulong(0) > ulong(-1)) ? ulong(0) : ulong(a / b);
  out[4 * n + i] = b == 0 || (b == ulong(-1) && ulong(0) > ulong(-1)) ? ulong(0) : ulong(a % b);
  out[5 * n + i] = ulong(a >> (c & 7));
  out[6 * n + i] = ulong(a << (c & 7));
  out[7 * n + i] = ulong(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = ulong(a < b) + ulong(a == b) * 2;
}
