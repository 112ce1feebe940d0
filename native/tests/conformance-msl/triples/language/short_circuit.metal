// && and || stop early; both arms of ?: are not evaluated.
#include <metal_stdlib>
using namespace metal;

static bool mark(thread int& n, int bit, bool result) { n |= bit; return result; }
kernel void check(device int* out [[buffer(0)]]) {
  int n = 0;
  bool a = mark(n, 1, false) && mark(n, 2, true);
  bool b = mark(n, 4, true) || mark(n, 8, true);
  int c = a ? (mark(n, 16, true), 1) : 2;
  out[0] = n, out[1] = b, out[2] = c;
}
