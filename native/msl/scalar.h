// Scalar types. half is _Float16: compile with -ffloat16-excess-precision=none, so that every operation rounds.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "macros.h"

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef _Float16 half;

static_assert(sizeof(long) == 8, "MSL's long has 64 bits");

namespace klab_msl {

constexpr uint16_t bfloat_bits(float value) {
  uint32_t bits = __builtin_bit_cast(uint32_t, value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return uint16_t(bits >> 16 | 0x40u);  // NaN stays NaN
  return uint16_t((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

template <class T, class U> struct is_same_type { static constexpr bool value = false; };
template <class T> struct is_same_type<T, T> { static constexpr bool value = true; };

template <class T>
concept BuiltinNumber = __is_arithmetic(T) || is_same_type<T, half>::value;
template <class T>
concept BuiltinReal = __is_floating_point(T) || is_same_type<T, half>::value;

}  // namespace klab_msl

namespace metal {

// 8 exponent bits and 8 of significand. Converts to float by itself; only integers convert to it by themselves.
// Arithmetic between bfloats, and with integers, rounds to bfloat; with float it is float arithmetic.
struct bfloat {
  uint16_t bits;

  bfloat() = default;
  template <klab_msl::BuiltinNumber U>
  KLAB_MSL_FN constexpr explicit(klab_msl::BuiltinReal<U>) bfloat(U value) : bits(klab_msl::bfloat_bits(float(value))) {}
  KLAB_MSL_FN constexpr operator float() const { return __builtin_bit_cast(float, uint32_t(bits) << 16); }
};

#define KLAB_MSL_BFLOAT_ARITHMETIC(op)                                                                      \
  KLAB_MSL_FN constexpr bfloat operator op(bfloat a, bfloat b) { return bfloat(float(a) op float(b)); }     \
  template <class U> requires klab_msl::BuiltinNumber<U>                                                    \
  KLAB_MSL_FN constexpr auto operator op(bfloat a, U b) {                                                   \
    if constexpr (klab_msl::BuiltinReal<U>) return float(a) op float(b);                                    \
    else return bfloat(float(a) op float(b));                                                               \
  }                                                                                                         \
  template <class U> requires klab_msl::BuiltinNumber<U>                                                    \
  KLAB_MSL_FN constexpr auto operator op(U a, bfloat b) {                                                   \
    if constexpr (klab_msl::BuiltinReal<U>) return float(a) op float(b);                                    \
    else return bfloat(float(a) op float(b));                                                               \
  }                                                                                                         \
  template <class U>                                                                                        \
  KLAB_MSL_FN constexpr bfloat& operator op##=(bfloat& a, U b) { return a = bfloat(float(a) op float(b)); } \
  template <class U> requires klab_msl::BuiltinNumber<U>                                                    \
  KLAB_MSL_FN constexpr U& operator op##=(U& a, bfloat b) { return a = U(a op float(b)); }
KLAB_MSL_BFLOAT_ARITHMETIC(+)
KLAB_MSL_BFLOAT_ARITHMETIC(-)
KLAB_MSL_BFLOAT_ARITHMETIC(*)
KLAB_MSL_BFLOAT_ARITHMETIC(/)
#undef KLAB_MSL_BFLOAT_ARITHMETIC

// Comparisons of its own: through float alone they would be no better than through a class of the user's to which
// every number converts.
#define KLAB_MSL_BFLOAT_COMPARISON(op)                                                                          \
  KLAB_MSL_FN constexpr bool operator op(bfloat a, bfloat b) { return float(a) op float(b); }                   \
  template <klab_msl::BuiltinNumber U> KLAB_MSL_FN constexpr bool operator op(bfloat a, U b) { return float(a) op float(b); } \
  template <klab_msl::BuiltinNumber U> KLAB_MSL_FN constexpr bool operator op(U a, bfloat b) { return float(a) op float(b); }
KLAB_MSL_BFLOAT_COMPARISON(==)
KLAB_MSL_BFLOAT_COMPARISON(!=)
KLAB_MSL_BFLOAT_COMPARISON(<)
KLAB_MSL_BFLOAT_COMPARISON(<=)
KLAB_MSL_BFLOAT_COMPARISON(>)
KLAB_MSL_BFLOAT_COMPARISON(>=)
#undef KLAB_MSL_BFLOAT_COMPARISON

KLAB_MSL_FN constexpr bfloat operator-(bfloat a) { return __builtin_bit_cast(bfloat, uint16_t(a.bits ^ 0x8000u)); }
KLAB_MSL_FN constexpr bfloat operator+(bfloat a) { return a; }
KLAB_MSL_FN constexpr bfloat& operator++(bfloat& a) { return a += bfloat(1); }
KLAB_MSL_FN constexpr bfloat& operator--(bfloat& a) { return a -= bfloat(1); }

using ::half;
using ::uchar;
using ::uint;
using ::ulong;
using ::ushort;
using ::int16_t;
using ::int32_t;
using ::int64_t;
using ::int8_t;
using ::ptrdiff_t;
using ::size_t;
using ::uint16_t;
using ::uint32_t;
using ::uint64_t;
using ::uint8_t;

}  // namespace metal

using metal::bfloat;
