// The functions on vectors work by component.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int4* out [[buffer(0)]], device const int4* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const int4 a = in[2 * i], b = in[2 * i + 1];
  out[6 * i] = addsat(a, b), out[6 * i + 1] = mulhi(a, b), out[6 * i + 2] = popcount(a), out[6 * i + 3] = max(a, b), out[6 * i + 4] = clamp(a, -5, 5);
  out[6 * i + 5] = int4(absdiff(a.xy, b.xy).x, int(clz(short2(1, 256)).y), abs(b).w, rotate(a, int4(4)).z);
}
