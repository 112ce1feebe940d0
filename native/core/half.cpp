#include "core/half.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace klab {

float widen_f16(uint16_t value) {
  const uint32_t sign = static_cast<uint32_t>(value & 0x8000) << 16;
  const uint32_t exponent = (value >> 10) & 31, mantissa = value & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000 | (mantissa << 13) | (mantissa ? 0x400000 : 0));
  if (exponent == 0) {
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(magnitude));
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

uint16_t narrow_f16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000);
  const uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return static_cast<uint16_t>(sign | 0x7e00 | ((magnitude >> 13) & 0x1ff));
  if (magnitude >= 0x477ff000) return sign | 0x7c00;  // 65520, half way beyond the largest half
  if (magnitude < 0x38800000) {
    // Below the smallest normal half: adding 0.5 leaves the value in units of 2^-24 in the low bits, rounded to even.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(0.5f)));
  }
  const uint32_t is_odd = (magnitude >> 13) & 1;
  return static_cast<uint16_t>(sign | ((magnitude - (112u << 23) + 0xfff + is_odd) >> 13));
}

uint16_t narrow_bf16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

namespace {

#if defined(__x86_64__)
bool has_f16c() {
  static const bool value = __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c");
  return value;
}

// Each returns how many it did; the caller does the rest one by one.
__attribute__((target("avx,f16c"))) size_t widen_f16c(const uint16_t* in, float* out, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i))));
  }
  return i;
}

__attribute__((target("avx,f16c"))) size_t narrow_f16c(const float* in, uint16_t* out, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), half);
  }
  return i;
}
#else
bool has_f16c() { return false; }
size_t widen_f16c(const uint16_t*, float*, size_t) { return 0; }
size_t narrow_f16c(const float*, uint16_t*, size_t) { return 0; }
#endif

}  // namespace

void widen_f16(const uint16_t* in, float* out, size_t count) {
  size_t i = has_f16c() ? widen_f16c(in, out, count) : 0;
  for (; i < count; i++) out[i] = widen_f16(in[i]);
}

void narrow_f16(const float* in, uint16_t* out, size_t count) {
  size_t i = has_f16c() ? narrow_f16c(in, out, count) : 0;
  for (; i < count; i++) out[i] = narrow_f16(in[i]);
}

void widen_bf16(const uint16_t* in, float* out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = std::bit_cast<float>(static_cast<uint32_t>(in[i]) << 16);
}

void narrow_bf16(const float* in, uint16_t* out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = narrow_bf16(in[i]);
}

}  // namespace klab
