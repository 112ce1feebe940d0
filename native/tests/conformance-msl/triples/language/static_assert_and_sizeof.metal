// Sizes and alignments that the language fixes, checked by the compiler and at run time.
#include <metal_stdlib>
using namespace metal;

struct Mixed { char a; float3 b; half c; packed_float3 d; };
static_assert(sizeof(float3) == 16 && sizeof(packed_float3) == 12 && sizeof(half3) == 8 && sizeof(float4x4) == 64, "sizes");
static_assert(alignof(float2) == 8 && alignof(packed_float2) == 4 && sizeof(float3x3) == 48 && sizeof(half2x2) == 8, "alignments");
static_assert(sizeof(bool) == 1 && sizeof(size_t) == 8 && sizeof(long) == 8 && sizeof(char3) == 4 && sizeof(ulong3) == 32, "more sizes");
kernel void check(device uint* out [[buffer(0)]]) {
  out[0] = sizeof(Mixed), out[1] = alignof(Mixed), out[2] = sizeof(Mixed[2]);
  out[3] = sizeof(packed_half3), out[4] = sizeof(bool4), out[5] = sizeof(metal::array<float, 3>);
}
