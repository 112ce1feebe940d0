// switch with fall through and default, do, while, for with commas, continue, conditional and comma operators.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]]) {
  for (int i = 0; i < 5; ++i) {
    int v = 0;
    switch (i) {
      case 1: v += 1;
      case 2: v += 10; break;
      case 4: { v = 99; break; }
      default: v = -1;
    }
    out[i] = v;
  }
  int n = 0, steps = 0;
  do { n += 3; } while (n < 10);
  while (true) { if (++steps > 6) break; if (steps % 2) continue; n += 100; }
  for (int a = 0, b = 10; a < b; ++a, --b) n += 1000;
  out[5] = n;
  out[6] = (steps, n > 0 ? 7 : 8);
}
