// Operators: products and sums wrap, quotients round towards zero, shifts of signed values keep the sign.
#include <metal_stdlib>
using namespace metal;

kernel void check(device short* out [[buffer(0)]], device const short* as [[buffer(1)]], device const short* bs [[buffer(2)]], device const short* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const short a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = short(a + b);
  out[1 * n + i] = short(a - b);
  out[2 * n + i] = short(a * b);
  out[3 * n + i] = b == 0 || (b == short(-1) && short(0) > short(-1)) ? short(0) : short(a / b);
  out[4 * n + i] = b == 0 || (b == short(-1) && short(0) > short(-1)) ? short(0) : short(a % b);
  out[5 * n + i] = short(a >> (c & 7));
  out[6 * n + i] = short(a << (c & 7));
  out[7 * n + i] = short(~a ^ (b & c) | (b >> 1));
  out[8 * n + i] = short(a < b) + short(a == b) * 2;
}
