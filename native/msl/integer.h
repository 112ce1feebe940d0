// Integer functions.
#pragma once
#include "relational.h"

namespace klab_msl {

template <Integer T> inline constexpr int bits_of = int(8 * sizeof(T));
template <Integer T> using unsigned_of = std::make_unsigned_t<T>;
// Wide enough for a product of two T.
template <Integer T> using wide = std::conditional_t<sizeof(T) == 8, std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>,
                                                     std::conditional_t<std::is_signed_v<T>, long, ulong>>;

}  // namespace klab_msl

namespace metal {

using klab_msl::Integer;

template <Integer T> KLAB_MSL_FN constexpr T clz(T x) {
  using U = klab_msl::unsigned_of<T>;
  return x == 0 ? T(klab_msl::bits_of<T>) : T(__builtin_clzl(ulong(U(x))) - (64 - klab_msl::bits_of<T>));
}
template <Integer T> KLAB_MSL_FN constexpr T ctz(T x) {
  return x == 0 ? T(klab_msl::bits_of<T>) : T(__builtin_ctzl(ulong(klab_msl::unsigned_of<T>(x))));
}
template <Integer T> KLAB_MSL_FN constexpr T popcount(T x) { return T(__builtin_popcountl(ulong(klab_msl::unsigned_of<T>(x)))); }
template <Integer T> KLAB_MSL_FN constexpr T reverse_bits(T x) {
  return T(klab_msl::unsigned_of<T>(__builtin_bitreverse64(ulong(klab_msl::unsigned_of<T>(x))) >> (64 - klab_msl::bits_of<T>)));
}
KLAB_MSL_VECTOR1(clz)
KLAB_MSL_VECTOR1(ctz)
KLAB_MSL_VECTOR1(popcount)
KLAB_MSL_VECTOR1(reverse_bits)

template <Integer T> KLAB_MSL_FN constexpr auto absdiff(T x, T y) {
  using U = klab_msl::unsigned_of<T>;
  return x > y ? U(U(x) - U(y)) : U(U(y) - U(x));
}
template <Integer T> KLAB_MSL_FN constexpr T addsat(T x, T y) {
  T sum{};
  if (!__builtin_add_overflow(x, y, &sum)) return sum;
  return std::is_signed_v<T> && x < 0 ? numeric_limits<T>::min() : numeric_limits<T>::max();
}
template <Integer T> KLAB_MSL_FN constexpr T subsat(T x, T y) {
  T difference{};
  if (!__builtin_sub_overflow(x, y, &difference)) return difference;
  return !std::is_signed_v<T> || x < 0 ? numeric_limits<T>::min() : numeric_limits<T>::max();
}
// Without wider types: those of 128 bits have no form for many lanes.
template <Integer T> KLAB_MSL_FN constexpr T hadd(T x, T y) { return T((x & y) + ((x ^ y) >> 1)); }
template <Integer T> KLAB_MSL_FN constexpr T rhadd(T x, T y) { return T((x | y) - ((x ^ y) >> 1)); }
template <Integer T> KLAB_MSL_FN constexpr T mulhi(T x, T y) {
  return T((klab_msl::wide<T>(x) * klab_msl::wide<T>(y)) >> klab_msl::bits_of<T>);
}
template <Integer T> KLAB_MSL_FN constexpr T mul24(T x, T y) {
  using U = klab_msl::unsigned_of<T>;
  return T(U(x) * U(y));
}
template <Integer T> KLAB_MSL_FN constexpr T rotate(T x, T by) {
  using U = klab_msl::unsigned_of<T>;
  constexpr unsigned bits = klab_msl::bits_of<T>;
  const unsigned n = unsigned(U(by)) % bits;
  return T(U(U(x) << n) | U(U(x) >> ((bits - n) % bits)));
}
KLAB_MSL_VECTOR2(absdiff)
KLAB_MSL_VECTOR2(addsat)
KLAB_MSL_VECTOR2(subsat)
KLAB_MSL_VECTOR2(hadd)
KLAB_MSL_VECTOR2(rhadd)
KLAB_MSL_VECTOR2(mulhi)
KLAB_MSL_VECTOR2(mul24)
KLAB_MSL_VECTOR2(rotate)

template <Integer T> KLAB_MSL_FN constexpr T madhi(T x, T y, T z) {
  using U = klab_msl::unsigned_of<T>;
  return T(U(mulhi(x, y)) + U(z));
}
template <Integer T> KLAB_MSL_FN constexpr T mad24(T x, T y, T z) {
  using U = klab_msl::unsigned_of<T>;
  return T(U(x) * U(y) + U(z));
}
template <Integer T> KLAB_MSL_FN constexpr T madsat(T x, T y, T z) {
  using W = klab_msl::wide<T>;
  const W exact = W(x) * W(y) + W(z);
  if (exact > W(numeric_limits<T>::max())) return numeric_limits<T>::max();
  if (exact < W(numeric_limits<T>::min())) return numeric_limits<T>::min();
  return T(exact);
}
KLAB_MSL_VECTOR3(madhi)
KLAB_MSL_VECTOR3(mad24)
KLAB_MSL_VECTOR3(madsat)

// Bits offset … offset + bits - 1 of x, sign-extended when T is signed.
template <Integer T> KLAB_MSL_FN constexpr T extract_bits(T x, uint offset, uint bits) {
  if (bits == 0) return T(0);
  const uint drop = klab_msl::bits_of<T> - bits;
  return T(T(klab_msl::unsigned_of<T>(x) << (drop - offset)) >> drop);
}
template <Integer T> KLAB_MSL_FN constexpr T insert_bits(T base, T insert, uint offset, uint bits) {
  using U = klab_msl::unsigned_of<T>;
  if (bits == 0) return base;
  const U mask = U(U(U(~U(0)) >> (klab_msl::bits_of<T> - bits)) << offset);
  return T(U(U(base) & U(~mask)) | U(U(U(insert) << offset) & mask));
}
template <Integer T, int N> KLAB_MSL_FN constexpr vec<T, N> extract_bits(const vec<T, N>& x, uint offset, uint bits) {
  vec<T, N> out = x;
  for (int i = 0; i < N; i++) out[i] = extract_bits(x[i], offset, bits);
  return out;
}
template <Integer T, int N>
KLAB_MSL_FN constexpr vec<T, N> insert_bits(const vec<T, N>& base, const vec<T, N>& insert, uint offset, uint bits) {
  vec<T, N> out = base;
  for (int i = 0; i < N; i++) out[i] = insert_bits(base[i], insert[i], offset, bits);
  return out;
}

}  // namespace metal
