// select takes its second argument where the third is true, by component or as a whole.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float4* out [[buffer(0)]]) {
  const float4 a(1, 2, 3, 4), b(10, 20, 30, 40);
  out[0] = select(a, b, bool4(true, false, true, false)), out[1] = select(a, b, a > 2.0f), out[2] = float4(select(1.0f, 2.0f, true), select(3, 4, false), select(5u, 6u, true), select(1.0h, 2.0h, false));
  out[3] = select(0.0f, b, b < 25.0f), out[4] = select(a, 0.0f, a == 3.0f);
}
