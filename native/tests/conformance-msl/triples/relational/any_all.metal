// any and all, of booleans and comparisons.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]]) {
  const int3 v(1, 2, 3);
  out[0] = any(v == 2), out[1] = all(v == 2), out[2] = all(v > 0), out[3] = any(bool2(false)), out[4] = all(bool4(true)), out[5] = any(v < 1) || all(true);
  out[6] = isordered(1.0f, 2.0f), out[7] = isunordered(1.0f, as_type<float>(0x7fc00000u));
}
