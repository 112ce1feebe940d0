// Scalars, vectors, packed vectors, matrices, integer functions: what values mean. Semantics known at compile time are
// static_asserts; the rest runs.
#include "msl/msl.h"

#include "check.h"

using namespace klab_test;
using namespace metal;

// Layout.
static_assert(sizeof(half3) == 8 && alignof(half3) == 8 && sizeof(float3) == 16 && sizeof(packed_float3) == 12);
static_assert(sizeof(float4x4) == 64 && sizeof(float3x3) == 48 && sizeof(half2x4) == 16 && sizeof(float4x2) == 32);
static_assert(std::is_trivially_copyable_v<float4> && std::is_trivially_default_constructible_v<float4>);
static_assert(std::is_trivially_copyable_v<packed_half3> && std::is_trivially_copyable_v<float4x4>);
static_assert(std::is_same_v<metal::float4, ::float4> && std::is_same_v<metal::half, ::half> && std::is_same_v<metal::uint, ::uint>);

// Construction.
constexpr bool equal(float4 a, float x, float y, float z, float w) { return a.x == x && a.y == y && a.z == z && a.w == w; }
constexpr float4 braced = {1}, splat(1), assigned = 1, two_braced = {1, 2}, empty = {};
static_assert(equal(braced, 1, 0, 0, 0) && equal(splat, 1, 1, 1, 1) && equal(assigned, 1, 1, 1, 1));
static_assert(equal(two_braced, 1, 2, 0, 0) && equal(empty, 0, 0, 0, 0));
static_assert(equal(float4(float2(1, 2), 3, 4), 1, 2, 3, 4) && equal(float4(1, float2(2, 3), 4), 1, 2, 3, 4));
static_assert(equal(float4(float3(1, 2, 3), 4), 1, 2, 3, 4) && equal(float4(float2(1, 2), float2(3, 4)), 1, 2, 3, 4));
static_assert(equal(float4(int4(1, -2, 3, 4)), 1, -2, 3, 4) && equal(float4(half(1), 2u, 3.0f, short(4)), 1, 2, 3, 4));
static_assert(int2(float2(1.9f, -1.9f)).x == 1 && int2(float2(1.9f, -1.9f)).y == -1);

// Vectors of different elements do not mix, and do not convert by themselves.
template <class A, class B> concept Addable = requires(A a, B b) { a + b; };
static_assert(Addable<float4, float4> && Addable<float4, float> && Addable<int, float4> && Addable<packed_float3, float3>);
static_assert(!Addable<float4, int4> && !Addable<half4, float4> && !Addable<float4, float3>);
static_assert(!std::is_convertible_v<int4, float4> && std::is_constructible_v<float4, int4> && std::is_convertible_v<float, float4>);
static_assert(!std::is_constructible_v<float4, float3> && !std::is_constructible_v<float2, float4>);

// bfloat: to float by itself, from float only on request.
static_assert(std::is_convertible_v<bfloat, float> && !std::is_convertible_v<float, bfloat> && std::is_constructible_v<bfloat, float>);
static_assert(std::is_same_v<decltype(bfloat() * bfloat()), bfloat> && std::is_same_v<decltype(bfloat() * 1.0f), float>);
static_assert(std::is_same_v<decltype(bfloat() + 1), bfloat>);

// Traits and limits.
static_assert(is_floating_point_v<half> && is_floating_point_v<bfloat> && !is_integral_v<half> && is_signed_v<half>);
static_assert(vec_elements_v<float3> == 3 && vec_elements_v<half> == 1 && is_arithmetic_v<bfloat>);
static_assert(numeric_limits<float>::max() == FLT_MAX && numeric_limits<float>::min() == FLT_MIN && numeric_limits<float>::epsilon() == FLT_EPSILON);
static_assert(numeric_limits<half>::max() == HALF_MAX && numeric_limits<half>::min() == HALF_MIN && numeric_limits<half>::epsilon() == HALF_EPSILON);
static_assert(numeric_limits<bfloat>::max().bits == 0x7f7f && numeric_limits<bfloat>::lowest().bits == 0xff7f);
static_assert(numeric_limits<half>::denorm_min() == half(0x1p-24f) && numeric_limits<bfloat>::infinity().bits == 0x7f80);
static_assert(numeric_limits<int>::min() == INT_MIN && numeric_limits<uchar>::max() == 255 && numeric_limits<long>::max() == LONG_MAX);
static_assert(numeric_limits<short>::lowest() == -32768 && numeric_limits<bool>::max());

TEST(swizzles_read_and_write) {
  float4 v(1, 2, 3, 4);
  CHECK(all(v.wzyx() == float4(4, 3, 2, 1)) && all(v.xxy() == float3(1, 1, 2)) && all(v.bgr() == float3(3, 2, 1)));
  CHECK(v.r == 1 && v.a == 4);
  v.xy_l() = v.yx();
  CHECK(equal(v, 2, 1, 3, 4));
  v.zw_l() += float2(10, 20);
  v.wx_l() = float2(7, 8);
  CHECK(equal(v, 8, 1, 13, 7));
  v.xyz_l() *= 2;
  CHECK(equal(v, 16, 2, 26, 7));
  v.rgba_l() = 5;
  CHECK(equal(v, 5, 5, 5, 5));
  packed_float3 p(1, 2, 3);
  p.zx_l() = float2(9, 8);
  CHECK(p.x == 8 && p.y == 2 && p.z == 9 && all(p.yz() == float2(2, 9)));
}

TEST(operators_go_by_component) {
  const float4 a(1, 2, 3, 4), b(4, 3, 2, 1);
  CHECK(all(a + b == float4(5)) && all(a * 2.0f == float4(2, 4, 6, 8)) && all(1.0f / float4(1, 2, 4, 8) == float4(1, 0.5f, 0.25f, 0.125f)));
  CHECK(all((a < b) == bool4(true, true, false, false)) && any(a == b) == false && all(!(a < b) == bool4(false, false, true, true)));
  int4 i(7, -7, 8, 1);
  i %= 4;
  CHECK(all(i == int4(3, -3, 0, 1)) && all((uint4(1) << uint4(0, 1, 2, 3)) == uint4(1, 2, 4, 8)) && all(~uint2(0) == uint2(UINT_MAX)));
  i++;
  CHECK(all(i == int4(4, -2, 1, 2)) && all(-i == int4(-4, 2, -1, -2)));
  packed_half4 p = half4(1, 2, 3, 4);
  p *= half(2);
  CHECK(all(half4(p) == half4(2, 4, 6, 8)) && all(p + half4(1) == half4(3, 5, 7, 9)));
  float4 indexed = a;
  for (int n = 0; n < 4; n++) indexed[n] += float(n);
  CHECK(equal(indexed, 1, 3, 5, 7));
}

TEST(half_rounds_every_operation) {
  volatile half big = 2048, one = 1;
  const half sum = big + one;  // a tie: stays even
  CHECK_EQ(float(sum + one), 2048.0f);
  CHECK_EQ(float(half(big + one) + half(2)), 2050.0f);
  half accumulated = 2048;
  for (int i = 0; i < 100; i++) accumulated += one;
  CHECK_EQ(float(accumulated), 2048.0f);
  volatile half x = half(0.1f), y = half(3.0f);
  const half product = x * y;
  CHECK_EQ(float(product - x), float(half(float(half(float(x) * float(y))) - float(x))));
  volatile half top = HALF_MAX;
  CHECK(metal::isinf(half(top + top)));
  CHECK_EQ(float(half(65519.0f)), 65504.0f);
  const half4 v = half4(big) + half4(one);
  CHECK_EQ(float((v + half4(one)).z), 2048.0f);
}

TEST(bfloat_rounds_to_nearest_even) {
  CHECK_EQ(bfloat(1.0f).bits, 0x3f80);
  CHECK_EQ(bfloat(1.0f + 0x1p-8f).bits, 0x3f80);            // tie to even
  CHECK_EQ(bfloat(1.0f + 0x3p-8f).bits, 0x3f82);            // tie to even, upwards
  CHECK_EQ(bfloat(1.0f + 0x1.0002p-8f).bits, 0x3f81);       // just above the tie
  CHECK_EQ(bfloat(__builtin_inff()).bits, 0x7f80);
  CHECK_EQ(bfloat(FLT_MAX).bits, 0x7f80);
  CHECK((bfloat(NAN).bits & 0x7fff) > 0x7f80);
  for (uint bits = 0; bits < 65536; bits++) {
    const bfloat b = __builtin_bit_cast(bfloat, ushort(bits));
    if (!isnan(b)) CHECK_EQ(bfloat(float(b)).bits, ushort(bits));
  }
  bfloat acc = bfloat(256.0f);
  acc += bfloat(1.0f);
  CHECK_EQ(float(acc), 256.0f);
  float f = 1.0f;
  f += bfloat(0.5f);
  CHECK_EQ(f, 1.5f);
  CHECK(-bfloat(2.0f) < bfloat(1.0f) && bfloat(2.0f) == 2.0f && int(bfloat(3.5f)) == 3);
  CHECK_EQ(float((bfloat4(bfloat(1.0f)) * bfloat(3.0f)).w), 3.0f);
}

TEST(functions_on_vectors_widen_scalars) {
  CHECK(all(max(float4(1, -1, 3, -3), 0.0f) == float4(1, 0, 3, 0)) && all(clamp(int3(-5, 2, 9), 0, 4) == int3(0, 2, 4)));
  CHECK(all(fma(float2(2, 3), 2.0f, float2(1)) == float2(5, 7)) && all(mix(float2(0), float2(2), 0.5f) == float2(1)));
  CHECK(all(select(float3(1), float3(2), bool3(true, false, true)) == float3(2, 1, 2)) && all(abs(int2(-3, 3)) == int2(3)));
  CHECK(all(isnan(float2(NAN, 1)) == bool2(true, false)) && all(step(1.0f, float2(0, 2)) == float2(0, 1)));
  CHECK(all(min(packed_float3(1, 2, 3), float3(2)) == float3(1, 2, 2)) && exp(half2(0)).x == half(1));
  CHECK(all(as_type<uint2>(float2(1, -1)) == uint2(0x3f800000, 0xbf800000)) && as_type<half2>(0x40003c00u).y == half(2));
}

TEST(geometry) {
  CHECK_EQ(dot(float3(1, 2, 3), float3(4, 5, 6)), 32.0f);
  CHECK(all(cross(float3(1, 0, 0), float3(0, 1, 0)) == float3(0, 0, 1)) && length(float2(3, 4)) == 5.0f);
  CHECK(distance(float2(1, 1), float2(4, 5)) == 5.0f && length_squared(half2(3, 4)) == half(25) && dot(int2(2, 3), int2(4, 5)) == 23);
  CHECK(all(normalize(float3(0, 3, 0)) == float3(0, 1, 0)) && all(reflect(float2(1, -1), float2(0, 1)) == float2(1, 1)));
  CHECK(all(faceforward(float2(0, 1), float2(0, -1), float2(0, 1)) == float2(0, 1)));
  CHECK(all(refract(float2(0, -1), float2(0, 1), 1.0f) == float2(0, -1)));
  CHECK_EQ(length(packed_float3(0, 3, 4)), 5.0f);
}

TEST(matrices_are_stored_by_columns) {
  const float2x3 m(float3(1, 2, 3), float3(4, 5, 6));
  CHECK(m[1].y == 5 && m[0][2] == 3 && all(m * float2(1, 10) == float3(41, 52, 63)) && all(float3(1, 1, 1) * m == float2(6, 15)));
  const float3x2 t = transpose(m);
  CHECK(all(t[2] == float2(3, 6)));
  const float2x2 product = t * m;
  CHECK(all(product[0] == float2(14, 32)) && all(product[1] == float2(32, 77)));
  float4x4 identity(1.0f);
  identity *= 3.0f;
  CHECK(identity[2][2] == 3 && identity[2][1] == 0 && determinant(identity) == 81.0f);
  CHECK_EQ(determinant(float3x3(2, 0, 1, 1, 3, 2, 1, 1, 4)), 18.0f);
  CHECK_EQ(determinant(float4x4(float4(1, 2, 0, 1), float4(0, 3, 1, 2), float4(4, 0, 1, 0), float4(2, 1, 0, 5))), 51.0f);
  CHECK(all((m + m - m)[1] == m[1]) && all((-m)[0] == float3(-1, -2, -3)) && half2x2(float2x2(1.5f))[1][1] == half(1.5f));
}

TEST(integer_functions) {
  CHECK(clz(1u) == 31u && clz(0) == 32 && clz(ushort(1)) == 15 && clz(char(-1)) == 0 && ctz(8l) == 3 && ctz(uchar(0)) == 8);
  CHECK(popcount(-1) == 32 && popcount(short(-1)) == 16 && popcount(ulong(7)) == 3 && reverse_bits(1u) == 0x80000000u && reverse_bits(uchar(3)) == 0xc0);
  CHECK(mulhi(0x80000000u, 4u) == 2u && mulhi(-1, 5) == -1 && mulhi(short(-300), short(300)) == -2 && mulhi(1ul << 63, 6ul) == 3ul);
  CHECK(addsat(INT_MAX, 1) == INT_MAX && addsat(INT_MIN, -1) == INT_MIN && addsat(uchar(250), uchar(10)) == 255 && subsat(3u, 5u) == 0);
  CHECK(subsat(short(-32768), short(1)) == -32768 && subsat(INT_MAX, -1) == INT_MAX && absdiff(-3, 4) == 7 && absdiff(2u, 9u) == 7u);
  CHECK(hadd(INT_MAX, INT_MAX - 2) == INT_MAX - 1 && rhadd(uchar(254), uchar(255)) == 255 && hadd(-3, -4) == -4 && rhadd(1ul, 2ul) == 2ul);
  CHECK(rotate(0x80000001u, 1u) == 3u && rotate(uchar(0x81), uchar(4)) == 0x18 && rotate(5u, 32u) == 5u && rotate(1, -1) == INT_MIN);
  CHECK(extract_bits(0xabcdu, 4, 8) == 0xbcu && extract_bits(0xf0, 4, 4) == -1 && insert_bits(0xffffu, 0u, 4, 8) == 0xf00fu && insert_bits(1u, 7u, 0, 32) == 7u);
  CHECK(madsat(1 << 20, 1 << 20, -5) == INT_MAX && madsat(uchar(20), uchar(20), uchar(0)) == 255 && madhi(1u << 31, 2u, 3u) == 4u);
  CHECK(madsat(-(1 << 20), 1 << 20, 5) == INT_MIN && madsat(3, 4, 5) == 17 && mul24(3, -4) == -12 && mad24(3u, 4u, 5u) == 17u);
  CHECK(all(popcount(uint4(1, 3, 7, 15)) == uint4(1, 2, 3, 4)) && all(addsat(char2(100, -100), char2(100, -100)) == char2(127, -128)));
}

TEST(packing) {
  CHECK_EQ(pack_float_to_unorm4x8(float4(0, 1, 0.5f, 2)), 0xff80ff00u);
  CHECK_EQ(pack_float_to_snorm4x8(float4(-1, 1, 0, -2)), 0x81007f81u);
  CHECK(all(unpack_unorm4x8_to_float(0xff00ff00u) == float4(0, 1, 0, 1)) && all(unpack_snorm4x8_to_float(0x80817f00u) == float4(0, 1, -1, -1)));
  CHECK(pack_float_to_snorm2x16(float2(1, -1)) == 0x80017fffu && unpack_unorm2x16_to_half(0xffff0000u).y == half(1));
  for (uint i = 0; i < 256; i++) CHECK_EQ(pack_float_to_unorm4x8(unpack_unorm4x8_to_float(i * 0x01010101u)), i * 0x01010101u);
  CHECK(pack_float_to_unorm565(float3(1, 0, 1)) == 0xf81f && unpack_unorm10a2_to_float(0xc0000000u).w == 1.0f);
}

TEST(containers) {
  metal::array<int, 3> a = {1, 2, 3};
  int sum = 0;
  for (int v : a) sum += v;
  CHECK(sum == 6 && a.size() == 3 && a[2] == 3);
  const uniform<uint> u = make_uniform(3u);
  CHECK_EQ(u + 1, 4u);
}

int main() { return run_all(); }
