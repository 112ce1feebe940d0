// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], device const int* as [[buffer(1)]], device const int* bs [[buffer(2)]], device const int* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const int a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = int(a + b);
  out[1 * n + i] = int(a - b);
  out[2 * n + i] = int(a * b);
  out[3 * n + i] = b == 0 || (b == int(-1) && int(0) > int(-1)) ? int(0) : int(a / b);
  out[4 * n + i] = b == 0 || (b == int(-1) && int(0) > int(-1)) ? int(0) : int(a % b);
  out[5 * n + i] = int(a >> (c & 7));
  out[6 * n + i] = int(a << (c & 7));
  out[7 * n + i] = int(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = int(a < b) + int(a == b) * 2;
}
