#include "functions.h"

#include <cmath>
#include <limits>
#include <random>
#include <string_view>

namespace msl_accuracy {
namespace {

constexpr Real pi = 3.14159265358979323846264338327950288L;
constexpr double inf = std::numeric_limits<double>::infinity();

bool is_power_defined(const Args& v) { return v.x > 0 && std::isfinite(v.x) && std::isfinite(v.y); }

// x less the nearest even whole number, exactly.
Real half_turns(Real x) { return x - 2 * rintl(x / 2); }

// Each argument of sinl below is at most pi/2 and exact but for pi itself, so that results near zero keep their digits.
Real sinpi(Real x) {
  const Real r = half_turns(x), size = fabsl(r);
  return copysignl(sinl(pi * (size > 0.5L ? 1 - size : size)), r);
}
Real cospi(Real x) { return sinl(pi * (0.5L - fabsl(half_turns(x)))); }
Real tanpi(Real x) {
  const Real r = x - rintl(x), size = fabsl(r);
  if (size == 0.5L) return copysignl(HUGE_VALL, r);
  return copysignl(sinl(pi * size) / sinl(pi * (0.5L - size)), r);
}
Real fract(Real x) { return std::isinf(x) ? 0 : x - floorl(x); }

// Correctly rounded or exact operations are so for half, too; others may be off by one there.
Function plain(const char* name, int arity, Truth truth, double precise, double fast) {
  Function f;
  f.name = name;
  f.arity = arity;
  f.truth = truth;
  f.precise_ulp = precise;
  f.fast_ulp = fast;
  f.half_ulp = precise <= 0.5 ? 0.5 : 1;
  return f;
}
// Built from exp and its like under fast math, whose error grows with the argument.
Function growing(const char* name, Truth truth, double precise) {
  Function f = plain(name, 1, truth, precise, 5);
  f.per_unit = 2;
  f.fast_absolute = 0x1p-20;
  return f;
}
Function near_zero(const char* name, Truth truth, double precise, double absolute, double domain) {
  Function f = plain(name, 1, truth, precise, precise);
  f.fast_absolute = absolute;
  f.fast_domain = domain;
  return f;
}

}  // namespace

const std::vector<Function>& functions() {
  static const std::vector<Function> all = [] {
    std::vector<Function> list = {
        plain("acos", 1, [](const Args& v) { return acosl(v.x); }, 4, 5),
        plain("acosh", 1, [](const Args& v) { return acoshl(v.x); }, 4, 5),
        plain("asin", 1, [](const Args& v) { return asinl(v.x); }, 4, 5),
        plain("asinh", 1, [](const Args& v) { return asinhl(v.x); }, 4, 5),
        plain("atan", 1, [](const Args& v) { return atanl(v.x); }, 5, 5),
        plain("atanh", 1, [](const Args& v) { return atanhl(v.x); }, 5, 5),
        plain("ceil", 1, [](const Args& v) { return ceill(v.x); }, 0, 0),
        near_zero("cos", [](const Args& v) { return cosl(v.x); }, 4, 0x1p-13, 3.1415927),
        growing("cosh", [](const Args& v) { return coshl(v.x); }, 4),
        near_zero("cospi", [](const Args& v) { return cospi(v.x); }, 4, 0x1p-13, 1),
        growing("exp", [](const Args& v) { return expl(v.x); }, 4),
        growing("exp10", [](const Args& v) { return exp10l(v.x); }, 4),
        growing("exp2", [](const Args& v) { return exp2l(v.x); }, 4),
        plain("fabs", 1, [](const Args& v) { return fabsl(v.x); }, 0, 0),
        plain("floor", 1, [](const Args& v) { return floorl(v.x); }, 0, 0),
        plain("fract", 1, [](const Args& v) { return fract(v.x); }, 1, 1),  // correctly rounded, but for what would round to 1
        near_zero("log", [](const Args& v) { return logl(v.x); }, 4, 0x1p-21, inf),
        near_zero("log10", [](const Args& v) { return log10l(v.x); }, 4, 0x1p-21, inf),
        near_zero("log2", [](const Args& v) { return log2l(v.x); }, 4, 0x1p-22, inf),
        plain("rint", 1, [](const Args& v) { return rintl(v.x); }, 0, 0),
        plain("round", 1, [](const Args& v) { return roundl(v.x); }, 0, 0),
        plain("rsqrt", 1, [](const Args& v) { return 1 / sqrtl(v.x); }, 0.5, 2),
        near_zero("sin", [](const Args& v) { return sinl(v.x); }, 4, 0x1p-13, 3.1415927),
        growing("sinh", [](const Args& v) { return sinhl(v.x); }, 4),
        near_zero("sinpi", [](const Args& v) { return sinpi(v.x); }, 4, 0x1p-13, 1),
        plain("sqrt", 1, [](const Args& v) { return sqrtl(v.x); }, 0.5, 3),
        near_zero("tan", [](const Args& v) { return tanl(v.x); }, 6, 0x1p-12, 1.5),
        growing("tanh", [](const Args& v) { return tanhl(v.x); }, 5),
        near_zero("tanpi", [](const Args& v) { return tanpi(v.x); }, 6, 0x1p-12, 0.47),
        plain("trunc", 1, [](const Args& v) { return truncl(v.x); }, 0, 0),
        plain("atan2", 2, [](const Args& v) { return atan2l(v.x, v.y); }, 6, 6),
        plain("copysign", 2, [](const Args& v) { return copysignl(v.x, v.y); }, 0, 0),
        plain("divide", 2, [](const Args& v) { return v.x / v.y; }, 0.5, 2.5),
        plain("fdim", 2, [](const Args& v) { return fdiml(v.x, v.y); }, 0.5, 0.5),
        plain("fmax", 2, [](const Args& v) { return fmaxl(v.x, v.y); }, 0, 0),
        plain("fmin", 2, [](const Args& v) { return fminl(v.x, v.y); }, 0, 0),
        plain("fmod", 2, [](const Args& v) { return fmodl(v.x, v.y); }, 0, 0),
        plain("pow", 2, [](const Args& v) { return powl(v.x, v.y); }, 16, 16),
        plain("powr", 2, [](const Args& v) { return v.x < 0 ? (Real)NAN : powl(v.x, v.y); }, 16, 16),
    };
    for (Function& f : list) {
      const std::string_view name = f.name;
      if (name == "powr") f.is_defined = is_power_defined;
      f.has_any_zero = name == "fmin" || name == "fmax" || name == "sinpi" || name == "tanpi";
    }
    const std::vector<Function> others = exact_functions();
    list.insert(list.end(), others.begin(), others.end());
    return list;
  }();
  return all;
}

std::vector<float> corner_values() {
  std::vector<float> positive = {0.0f, 0x1p-149f, 0x1.fffffcp-127f, 0x1p-126f, 0x1.000002p-126f, 1e-20f, 0x1.fffffep127f, 1e20f, 88.722839f, 87.336548f, 103.97f, 127.99999f, 126.0f, 38.53184f, 65504.0f, 4194304.5f, 8388607.5f, 8388608.0f, 16777216.0f, HUGE_VALF};
  for (const int exponent : {-25, -12, -3, -2, -1, 0, 1, 2, 3, 10, 24, 60}) {
    const float power = std::ldexp(1.0f, exponent);
    positive.insert(positive.end(), {power, std::nextafter(power, 0.0f), std::nextafter(power, HUGE_VALF)});
  }
  for (const int multiple : {1, 2, 3, 4, 5, 8, 22, 100, 355, 20000, 1000001}) {
    const auto near = static_cast<float>(multiple * 1.57079632679489661923);
    positive.insert(positive.end(), {near, std::nextafter(near, 0.0f), std::nextafter(near, HUGE_VALF)});
  }
  for (const float half_way : {0.5f, 1.5f, 2.5f, 3.5f, 1023.5f, 1024.5f, 0.25f, 0.75f}) positive.push_back(half_way);
  std::vector<float> all = {std::numeric_limits<float>::quiet_NaN()};
  for (const float value : positive) all.insert(all.end(), {value, -value});
  return all;
}

std::vector<float> test_values(uint32_t count, uint32_t seed) {
  std::vector<float> all = corner_values();
  std::mt19937 draw(seed);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(draw());
    const float any = __builtin_bit_cast(float, bits);
    all.push_back(i % 2 && std::isfinite(any) ? any : static_cast<float>(static_cast<int32_t>(bits)) * 0x1p-26f);
  }
  return all;
}

}  // namespace msl_accuracy
