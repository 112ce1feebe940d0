// Every math function against float64: floats at corner cases and a log-spaced sweep, halves: all of them.
#include "msl/msl.h"

#include <cstdio>
#include <string>

#include "check.h"
#include "ulp.h"

using namespace klab_test;

namespace {

struct Function1 {
  const char* name;
  float (*in_float)(float);
  half (*in_half)(half);
  double (*truth)(double);
  double float_ulp;
};

double turns(double x) { return x - 2.0 * __builtin_rint(0.5 * x); }
constexpr long double pi = 3.14159265358979323846264338327950288L;
double true_sinpi(double x) {
  if (x - x != 0) return __builtin_nan("");
  const double r = turns(x);
  return r == 0 || r == 1 || r == -1 ? 0.0 : double(__builtin_sinl(pi * r));
}
double true_cospi(double x) {
  if (x - x != 0) return __builtin_nan("");
  const double r = turns(x);
  return r == 0.5 || r == -0.5 ? 0.0 : double(__builtin_cosl(pi * r));
}
double true_tanpi(double x) {
  if (x - x != 0) return __builtin_nan("");
  const double r = x - __builtin_rint(x);
  if (r == 0.5 || r == -0.5) return r * __builtin_inf();
  return r == 0 ? 0.0 : double(__builtin_tanl(pi * r));
}
double true_fract(double x) { return x - x != 0 ? (x != x ? x : 0.0) : x - __builtin_floor(x); }
double true_sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }
double true_saturate(double x) { return x > 0 ? (x < 1 ? x : 1.0) : 0.0; }

#define F1(name, reference, ulp)                                                                         \
  Function1 {                                                                                            \
    #name, [](float x) { return metal::name(x); }, [](half x) { return metal::name(x); },                \
        [](double x) -> double { return reference; }, ulp                                                \
  }

// Bounds are those of the language's table for precise math, where glibc is closer: what glibc keeps.
const Function1 functions[] = {
    F1(acos, __builtin_acos(x), 2), F1(acosh, __builtin_acosh(x), 2), F1(asin, __builtin_asin(x), 2),
    F1(asinh, __builtin_asinh(x), 2), F1(atan, __builtin_atan(x), 2), F1(atanh, __builtin_atanh(x), 2),
    F1(ceil, __builtin_ceil(x), 0), F1(cos, __builtin_cos(x), 2), F1(cosh, __builtin_cosh(x), 2),
    F1(cospi, true_cospi(x), 1), F1(exp, __builtin_exp(x), 1), F1(exp10, __builtin_pow(10.0, x), 2),
    F1(exp2, __builtin_exp2(x), 1), F1(fabs, __builtin_fabs(x), 0), F1(abs, __builtin_fabs(x), 0),
    F1(floor, __builtin_floor(x), 0), F1(fract, true_fract(x), 1), F1(log, __builtin_log(x), 1),
    F1(log10, __builtin_log10(x), 2), F1(log2, __builtin_log2(x), 1), F1(rint, __builtin_rint(x), 0),
    F1(round, __builtin_round(x), 0), F1(rsqrt, 1.0 / __builtin_sqrt(x), 0.51), F1(saturate, true_saturate(x), 0),
    F1(sign, true_sign(x), 0), F1(sin, __builtin_sin(x), 2), F1(sinh, __builtin_sinh(x), 2),
    F1(sinpi, true_sinpi(x), 1), F1(sqrt, __builtin_sqrt(x), 0.5), F1(tan, __builtin_tan(x), 2),
    F1(tanh, __builtin_tanh(x), 2), F1(tanpi, true_tanpi(x), 1), F1(trunc, __builtin_trunc(x), 0),
};

float from_bits(uint32_t bits) { return __builtin_bit_cast(float, bits); }

// Zeros, units, limits, denormals, infinities, NaN, and every 2^18 th float of either sign.
template <class F> void for_floats(F f) {
  for (uint32_t bits : {0x00000001u, 0x007fffffu, 0x00800000u, 0x3effffffu, 0x3f000000u, 0x3f000001u, 0x3f7fffffu, 0x3f800000u,
                        0x3f800001u, 0x40490fdbu, 0x42b17217u, 0x42b17218u, 0x7f7fffffu, 0x7f800000u, 0x7fc00000u}) {
    f(from_bits(bits));
    f(from_bits(bits | 0x80000000u));
  }
  for (uint64_t bits = 0; bits < 0x100000000ull; bits += (1u << 18) + 11) f(from_bits(uint32_t(bits)));
}

std::string at(const char* name, double x, double got) {
  char text[160];
  std::snprintf(text, sizeof text, "%s(%.9g) = %.9g", name, x, got);
  return text;
}

void check_halves(const Function1& f, double bound) {
  double worst = 0;
  half worst_at{};
  for (uint32_t bits = 0; bits < 65536; bits++) {
    const half x = __builtin_bit_cast(half, uint16_t(bits));
    const double truth = f.truth(double(float(x)));
    // fract of a tiny negative number: 1 rounded away from is right.
    if (std::string(f.name) == "fract" && truth > 0.99) continue;
    const double error = ulp_error(f.in_half(x), truth);
    if (error > worst) worst = error, worst_at = x;
  }
  check(worst <= bound, __FILE__, __LINE__, at(f.name, float(worst_at), float(f.in_half(worst_at))) + " off by " + show(worst) + " ulp");
}

}  // namespace

TEST(floats_are_within_their_bounds) {
  for (const Function1& f : functions) {
    double worst = 0;
    float worst_at = 0;
    for_floats([&](float x) {
      const double error = ulp_error(f.in_float(x), f.truth(double(x)));
      if (error > worst) worst = error, worst_at = x;
    });
    check(worst <= f.float_ulp, __FILE__, __LINE__, at(f.name, worst_at, f.in_float(worst_at)) + " off by " + show(worst) + " ulp");
  }
}

TEST(all_halves_round_once) {
  for (const Function1& f : functions) check_halves(f, 0.51);
}

// As on Metal: a bfloat argument is a float argument.
static_assert(std::is_same_v<decltype(metal::exp(bfloat())), float> && std::is_same_v<decltype(metal::max(bfloat(), bfloat())), float>);

// Which leaves room for a library to add its own.
namespace metal {
METAL_FUNC bfloat exp(bfloat x) { return static_cast<bfloat>(__metal_exp(static_cast<float>(x), __METAL_MAYBE_FAST_MATH__)); }
METAL_FUNC bfloat simd_sum(bfloat x) { return static_cast<bfloat>(__metal_simd_sum(static_cast<float>(x))); }
namespace fast {
METAL_FUNC bfloat exp(bfloat x) { return metal::exp(x); }
}
}  // namespace metal
TEST(overloads_for_bfloat_can_be_added) { CHECK_EQ(metal::fast::exp(bfloat(0.0f)).bits, 0x3f80); }

TEST(signs_of_zero_survive) {
  for (const Function1& f : functions) {
    const std::string name = f.name;
    if (name == "saturate" || name == "abs" || name == "fabs" || name == "fract") continue;
    if (f.in_float(0.0f) != 0.0f || name == "acosh") continue;
    check(metal::signbit(f.in_float(-0.0f)), __FILE__, __LINE__, name + "(-0) is -0");
  }
}

namespace {

struct Function2 {
  const char* name;
  float (*in_float)(float, float);
  half (*in_half)(half, half);
  double (*truth)(double, double);
  double ulp;
};
double larger(double x, double y) { return x != x ? y : y != y ? x : x < y ? y : x; }
double smaller(double x, double y) { return x != x ? y : y != y ? x : y < x ? y : x; }
#define F2(name, reference, ulp)                                                                                    \
  Function2 {                                                                                                       \
    #name, [](float x, float y) { return metal::name(x, y); }, [](half x, half y) { return metal::name(x, y); },    \
        [](double x, double y) -> double { return reference; }, ulp                                                 \
  }
const Function2 functions2[] = {
    F2(atan2, __builtin_atan2(x, y), 2), F2(copysign, __builtin_copysign(x, y), 0), F2(divide, x / y, 0.5),
    F2(fdim, x != x || y != y ? __builtin_nan("") : x > y ? x - y : 0.0, 0.5), F2(fmin, smaller(x, y), 0), F2(fmax, larger(x, y), 0),
    F2(min, smaller(x, y), 0), F2(max, larger(x, y), 0), F2(fmod, __builtin_fmod(x, y), 0), F2(pow, __builtin_pow(x, y), 1),
    F2(powr, x < 0 ? __builtin_nan("") : __builtin_pow(x, y), 1), F2(step, y < x ? 0.0 : 1.0, 0),
};
const float operands[] = {0.0f, -0.0f, 1.0f, -1.0f, 0.5f, -0.5f, 2.0f, -2.0f, 3.0f, -7.25f, 1e-3f, 1234.5f, -31.0f, 0.1f, 1e-5f,
                          60000.0f, 0x1.fffffep127f, 0x1p-126f, __builtin_inff(), -__builtin_inff(), __builtin_nanf("")};

}  // namespace

TEST(functions_of_two) {
  for (const Function2& f : functions2)
    for (float x : operands)
      for (float y : operands) {
        const float got = f.in_float(x, y);
        check(ulp_error(got, f.truth(x, y)) <= f.ulp, __FILE__, __LINE__, at(f.name, x, got) + " with " + show(y));
        const half hx = half(x), hy = half(y), in_half = f.in_half(hx, hy);
        check(ulp_error(in_half, f.truth(double(hx), double(hy))) <= 0.51, __FILE__, __LINE__, at(f.name, x, in_half) + " half with " + show(y));
      }
}

TEST(fract_stays_below_one) {
  CHECK(metal::fract(-1e-10f) < 1.0f);
  CHECK(metal::fract(half(-6e-8f)) < half(1.0f));
  CHECK_EQ(metal::fract(-0.25f), 0.75f);
}

TEST(nextafter_steps_once) {
  for_floats([](float x) {
    if (metal::isnan(x) || metal::isinf(x)) return;
    CHECK_EQ(metal::nextafter(x, __builtin_inff()), __builtin_nextafterf(x, __builtin_inff()));
    CHECK_EQ(metal::nextafter(x, -__builtin_inff()), __builtin_nextafterf(x, -__builtin_inff()));
  });
  CHECK_EQ(uint(metal::as_type<ushort>(metal::nextafter(half(1.0f), half(2.0f)))), 0x3c01u);
  CHECK_EQ(uint(metal::as_type<ushort>(metal::nextafter(half(0.0f), half(-1.0f)))), 0x8001u);
}

TEST(splitting_functions) {
  int exponent = 0;
  CHECK(metal::frexp(12.0f, exponent) == 0.75f && exponent == 4);
  CHECK_EQ(metal::ldexp(0.75f, 4), 12.0f);
  CHECK_EQ(metal::ilogb(10.0f), 3);
  float whole = 0, cosine = 0;
  CHECK(metal::modf(-3.25f, whole) == -0.25f && whole == -3.0f);
  CHECK(metal::modf(__builtin_inff(), whole) == 0.0f && metal::isinf(whole));
  CHECK(metal::sincos(0.5f, cosine) == metal::sin(0.5f) && cosine == metal::cos(0.5f));
  metal::int2 exponents;
  const float2 fraction = metal::frexp(float2(12.0f, 0.5f), exponents);
  CHECK(fraction.x == 0.75f && fraction.y == 0.5f && exponents.x == 4 && exponents.y == 0);
}

TEST(fma_rounds_once) {
  const float a = 1.0f + 0x1p-12f;
  CHECK(metal::fma(a, a, -(1.0f + 0x1p-11f)) == 0x1p-24f);
  // The product is a tie in half; only a single rounding sees that c breaks it.
  const half h = half(1.0f + 0x1p-10f), c = half(0x1p-24f);
  const half product = half(1.0f + 0x1p-1f);
  CHECK_EQ(ulp_error(metal::fma(h, product, c), double(float(h)) * double(float(product)) + 0x1p-24) <= 0.5, true);
  CHECK(metal::fma(h, product, c) != metal::fma(h, product, -c));
}

TEST(common_functions) {
  CHECK_EQ(metal::mix(2.0f, 4.0f, 0.25f), 2.5f);
  CHECK_EQ(metal::smoothstep(0.0f, 2.0f, 1.0f), 0.5f);
  CHECK_EQ(metal::clamp(5, -1, 3), 3);
  CHECK_EQ(metal::clamp(-5.0f, -1.0f, 3.0f), -1.0f);
  CHECK(metal::median3(3, 1, 2) == 2 && metal::median3(1.0f, 3.0f, 2.0f) == 2.0f);
  CHECK(metal::min3(3, 1, 2) == 1 && metal::max3(3u, 1u, 2u) == 3u);
  CHECK_EQ(metal::fast::exp(1.0f), metal::precise::exp(1.0f));
  CHECK(metal::isnan(NAN) && !metal::isnan(1.0f) && metal::isinf(-INFINITY) && metal::isnormal(1.0f) && !metal::isnormal(0x1p-127f));
  CHECK(metal::isnan(half(NAN)) && metal::isinf(half(1e6f)) && metal::isfinite(HALF_MAX) && !metal::isnormal(half(0x1p-15f)));
  CHECK_EQ(metal::select(1.0f, 2.0f, true), 2.0f);
}

int main() { return run_all(); }
