// Names declared again in inner scopes, in conditions and in for statements.
#include <metal_stdlib>
using namespace metal;

constant int x = 1;
kernel void check(device int* out [[buffer(0)]]) {
  out[0] = x;
  int x = 2;
  { int x = 3; out[1] = x; }
  for (int x = 0; x < 1; ++x) out[2] = x + 10;
  if (int y = x * 2) out[3] = y;
  out[4] = x + ::x;
}
