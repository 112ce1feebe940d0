// Normalised components: clamped, scaled, rounded to nearest even; snorm -128 is -1 as well.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], device float4* back [[buffer(1)]]) {
  out[0] = pack_float_to_unorm4x8(float4(0, 1, 0.5f, 2)), out[1] = pack_float_to_snorm4x8(float4(-1, 1, 0.5f, -2)), out[2] = pack_float_to_unorm2x16(float2(0.5f, 1)), out[3] = pack_float_to_snorm2x16(float2(-1, 0.25f));
  out[4] = pack_half_to_unorm4x8(half4(1, 0, 0.25h, 1)), out[5] = pack_float_to_unorm10a2(float4(1, 0, 0.5f, 1)), out[6] = pack_float_to_unorm565(float3(1, 0.5f, 0));
  back[0] = unpack_unorm4x8_to_float(0xff003380u), back[1] = unpack_snorm4x8_to_float(0x807f0081u), back[2] = float4(unpack_unorm2x16_to_float(0xffff0000u), unpack_snorm2x16_to_float(0x7fff8000u));
  back[3] = unpack_unorm10a2_to_float(0xc00003ffu), back[4] = float4(unpack_unorm565_to_float(ushort(0xf81f)), float(unpack_unorm4x8_to_half(0xffu).x));
}
