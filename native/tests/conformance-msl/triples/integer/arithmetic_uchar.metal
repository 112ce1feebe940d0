// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uchar* out [[buffer(0)]], device const uchar* as [[buffer(1)]], device const uchar* bs [[buffer(2)]], device const uchar* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const uchar a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = uchar(a + b);
  out[1 * n + i] = uchar(a - b);
  out[2 * n + i] = uchar(a * b);
  out[3 * n + i] = b == 0 || (b == uchar(-1) && uchar(0) > uchar(-1)) ? uchar(0) : uchar(a / b);
  out[4 * n + i] = b == 0 || (b == uchar(-1) && uchar(0) > uchar(-1)) ? uchar(0) : uchar(a % b);
  out[5 * n + i] = uchar(a >> (c & 7));
  out[6 * n + i] = uchar(a << (c & 7));
  out[7 * n + i] = uchar(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = uchar(a < b) + uchar(a == b) * 2;
}
