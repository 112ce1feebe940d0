// A union shows the bits of its other member.
#include <metal_stdlib>
using namespace metal;

union Bits { uint u; float f; ushort2 s; };
kernel void check(device uint* out [[buffer(0)]]) {
  Bits b;
  b.f = -2.0f;
  out[0] = b.u, out[1] = b.s.y;
  b.s.x = 1;
  out[2] = b.u;
}
