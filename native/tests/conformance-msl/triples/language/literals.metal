// Suffixes and bases; a literal without suffix is a float, not a double.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]]) {
  out[0] = 0x1F, out[1] = 0b101, out[2] = 017, out[3] = 1e3, out[4] = .5, out[5] = 2.h, out[6] = 1.5H, out[7] = 3.0F, out[8] = 0x1p-3f;
  out[9] = sizeof(1.0), out[10] = sizeof(1.0h), out[11] = sizeof(1L), out[12] = 4000000000u / 2, out[13] = 'a', out[14] = 16777217.0;
  out[15] = is_same_v<decltype(1.0 * 2), float> && is_same_v<decltype(1.0h + 1.0h), half>;
}
