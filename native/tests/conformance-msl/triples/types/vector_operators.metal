// Operators by component, with scalars on either side, comparisons, logic and shifts.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int4* out [[buffer(0)]]) {
  const int4 a(7, -7, 8, 1), b(2, 2, -3, 31);
  out[0] = a / b, out[1] = a % b, out[2] = 10 - a, out[3] = a << int4(1, 2, 3, 31), out[4] = int4(a > b), out[5] = int4(a == 8 || b == 2), out[6] = ~a & 0xff, out[7] = -a + !(a > 0 && b > 0).x;
  int4 c = a;
  c += 1, c *= int4(1, 2, 3, 4), ++c;
  out[8] = c--, out[9] = c >> 1;
}
