// Packing of normalised components: snorm in [-1, 1], unorm in [0, 1], rounded to nearest even.
#pragma once
#include "matrix.h"

namespace klab_msl {

template <int Bits> KLAB_MSL_FN uint to_unorm(float x) {
  constexpr float scale = float((1u << Bits) - 1);
  return uint(__builtin_rintf(saturate(x) * scale));
}
template <int Bits> KLAB_MSL_FN uint to_snorm(float x) {
  constexpr float scale = float((1u << (Bits - 1)) - 1);
  const float clamped = is_nan(x) ? 0.0f : fmax(fmin(x, 1.0f), -1.0f);
  return uint(int(__builtin_rintf(clamped * scale))) & ((1u << Bits) - 1);
}
template <int Bits> KLAB_MSL_FN float from_unorm(uint x) {
  constexpr uint mask = (1u << Bits) - 1;
  return float(x & mask) / float(mask);
}
template <int Bits> KLAB_MSL_FN float from_snorm(uint x) {
  const int value = int(x << (32 - Bits)) >> (32 - Bits);
  return fmax(float(value) / float((1 << (Bits - 1)) - 1), -1.0f);
}

KLAB_MSL_FN float to_srgb(float x) { return x <= 0.0031308f ? x * 12.92f : 1.055f * __builtin_powf(x, 1 / 2.4f) - 0.055f; }
KLAB_MSL_FN float from_srgb(float x) { return x <= 0.04045f ? x / 12.92f : __builtin_powf((x + 0.055f) / 1.055f, 2.4f); }

}  // namespace klab_msl

namespace metal {

#define KLAB_MSL_PACK4(kind, type, vector)                                                                        \
  KLAB_MSL_FN uint pack_##type##_to_##kind##4x8(vector v) {                                                       \
    using klab_msl::to_##kind;                                                                                    \
    return to_##kind<8>(v.x) | to_##kind<8>(v.y) << 8 | to_##kind<8>(v.z) << 16 | to_##kind<8>(v.w) << 24;        \
  }                                                                                                               \
  KLAB_MSL_FN vector unpack_##kind##4x8_to_##type(uint p) {                                                       \
    using klab_msl::from_##kind;                                                                                  \
    return vector(type(from_##kind<8>(p)), type(from_##kind<8>(p >> 8)), type(from_##kind<8>(p >> 16)), type(from_##kind<8>(p >> 24))); \
  }
KLAB_MSL_PACK4(snorm, float, float4)
KLAB_MSL_PACK4(unorm, float, float4)
KLAB_MSL_PACK4(snorm, half, half4)
KLAB_MSL_PACK4(unorm, half, half4)
#undef KLAB_MSL_PACK4

#define KLAB_MSL_PACK2(kind, type, vector)                                                          \
  KLAB_MSL_FN uint pack_##type##_to_##kind##2x16(vector v) {                                        \
    return klab_msl::to_##kind<16>(v.x) | klab_msl::to_##kind<16>(v.y) << 16;                       \
  }                                                                                                 \
  KLAB_MSL_FN vector unpack_##kind##2x16_to_##type(uint p) {                                        \
    return vector(type(klab_msl::from_##kind<16>(p)), type(klab_msl::from_##kind<16>(p >> 16)));    \
  }
KLAB_MSL_PACK2(snorm, float, float2)
KLAB_MSL_PACK2(unorm, float, float2)
KLAB_MSL_PACK2(snorm, half, half2)
KLAB_MSL_PACK2(unorm, half, half2)
#undef KLAB_MSL_PACK2

// The sRGB curve on three components; alpha is linear.
#define KLAB_MSL_PACK_SRGB(type, vector)                                                            \
  KLAB_MSL_FN uint pack_##type##_to_srgb_unorm4x8(vector v) {                                       \
    using klab_msl::to_srgb;                                                                        \
    return pack_float_to_unorm4x8(float4(to_srgb(v.x), to_srgb(v.y), to_srgb(v.z), v.w));           \
  }                                                                                                 \
  KLAB_MSL_FN vector unpack_unorm4x8_srgb_to_##type(uint p) {                                       \
    const float4 v = unpack_unorm4x8_to_float(p);                                                   \
    using klab_msl::from_srgb;                                                                      \
    return vector(float4(from_srgb(v.x), from_srgb(v.y), from_srgb(v.z), v.w));                     \
  }
KLAB_MSL_PACK_SRGB(float, float4)
KLAB_MSL_PACK_SRGB(half, half4)
#undef KLAB_MSL_PACK_SRGB

#define KLAB_MSL_PACK_BITFIELDS(type, vector3, vector4)                                             \
  KLAB_MSL_FN uint pack_##type##_to_unorm10a2(vector4 v) {                                          \
    using klab_msl::to_unorm;                                                                       \
    return to_unorm<10>(v.x) | to_unorm<10>(v.y) << 10 | to_unorm<10>(v.z) << 20 | to_unorm<2>(v.w) << 30; \
  }                                                                                                 \
  KLAB_MSL_FN vector4 unpack_unorm10a2_to_##type(uint p) {                                          \
    using klab_msl::from_unorm;                                                                     \
    return vector4(type(from_unorm<10>(p)), type(from_unorm<10>(p >> 10)), type(from_unorm<10>(p >> 20)), type(from_unorm<2>(p >> 30))); \
  }                                                                                                 \
  KLAB_MSL_FN ushort pack_##type##_to_unorm565(vector3 v) {                                         \
    using klab_msl::to_unorm;                                                                       \
    return ushort(to_unorm<5>(v.x) << 11 | to_unorm<6>(v.y) << 5 | to_unorm<5>(v.z));               \
  }                                                                                                 \
  KLAB_MSL_FN vector3 unpack_unorm565_to_##type(ushort p) {                                         \
    using klab_msl::from_unorm;                                                                     \
    return vector3(type(from_unorm<5>(uint(p) >> 11)), type(from_unorm<6>(uint(p) >> 5)), type(from_unorm<5>(uint(p)))); \
  }
KLAB_MSL_PACK_BITFIELDS(float, float3, float4)
KLAB_MSL_PACK_BITFIELDS(half, half3, half4)
#undef KLAB_MSL_PACK_BITFIELDS

}  // namespace metal
