#include "functions.h"

#include <cmath>
#include <limits>
#include <random>

namespace msl_accuracy {
namespace {

constexpr Real pi = 3.14159265358979323846264338327950288L;
constexpr double inf = std::numeric_limits<double>::infinity();

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

}  // namespace

const std::vector<Function>& functions() {
  const auto one = [](const char* name, Real (*truth)(Real, Real), double precise, double fast) {
    return Function{name, 1, truth, precise, fast, 0, 0, inf, precise == 0 ? 0 : 1.0};
  };
  const auto two = [](const char* name, Real (*truth)(Real, Real), double precise, double fast) {
    return Function{name, 2, truth, precise, fast, 0, 0, inf, precise == 0 ? 0 : 1.0};
  };
  // Built from exp and its like under fast math, whose error grows with the argument.
  const auto growing = [](const char* name, Real (*truth)(Real, Real), double precise) {
    return Function{name, 1, truth, precise, 5, 2, 0x1p-20, inf, 1};
  };
  const auto near_zero = [](const char* name, Real (*truth)(Real, Real), double precise, double absolute, double domain) {
    return Function{name, 1, truth, precise, precise, 0, absolute, domain, 1};
  };
  static const std::vector<Function> all = {
      one("acos", [](Real x, Real) { return acosl(x); }, 4, 5),
      one("acosh", [](Real x, Real) { return acoshl(x); }, 4, 5),
      one("asin", [](Real x, Real) { return asinl(x); }, 4, 5),
      one("asinh", [](Real x, Real) { return asinhl(x); }, 4, 5),
      one("atan", [](Real x, Real) { return atanl(x); }, 5, 5),
      one("atanh", [](Real x, Real) { return atanhl(x); }, 5, 5),
      one("ceil", [](Real x, Real) { return ceill(x); }, 0, 0),
      near_zero("cos", [](Real x, Real) { return cosl(x); }, 4, 0x1p-13, 3.1415927),
      growing("cosh", [](Real x, Real) { return coshl(x); }, 4),
      near_zero("cospi", [](Real x, Real) { return cospi(x); }, 4, 0x1p-13, 1),
      growing("exp", [](Real x, Real) { return expl(x); }, 4),
      growing("exp10", [](Real x, Real) { return exp10l(x); }, 4),
      growing("exp2", [](Real x, Real) { return exp2l(x); }, 4),
      one("fabs", [](Real x, Real) { return fabsl(x); }, 0, 0),
      one("floor", [](Real x, Real) { return floorl(x); }, 0, 0),
      one("fract", [](Real x, Real) { return fract(x); }, 1, 1),  // correctly rounded, but for what would round to 1
      near_zero("log", [](Real x, Real) { return logl(x); }, 4, 0x1p-21, inf),
      near_zero("log10", [](Real x, Real) { return log10l(x); }, 4, 0x1p-21, inf),
      near_zero("log2", [](Real x, Real) { return log2l(x); }, 4, 0x1p-22, inf),
      one("rint", [](Real x, Real) { return rintl(x); }, 0, 0),
      one("round", [](Real x, Real) { return roundl(x); }, 0, 0),
      one("rsqrt", [](Real x, Real) { return 1 / sqrtl(x); }, 0.5, 2),
      near_zero("sin", [](Real x, Real) { return sinl(x); }, 4, 0x1p-13, 3.1415927),
      growing("sinh", [](Real x, Real) { return sinhl(x); }, 4),
      near_zero("sinpi", [](Real x, Real) { return sinpi(x); }, 4, 0x1p-13, 1),
      one("sqrt", [](Real x, Real) { return sqrtl(x); }, 0.5, 3),
      near_zero("tan", [](Real x, Real) { return tanl(x); }, 6, 0x1p-12, 1.5),
      growing("tanh", [](Real x, Real) { return tanhl(x); }, 5),
      near_zero("tanpi", [](Real x, Real) { return tanpi(x); }, 6, 0x1p-12, 0.47),
      one("trunc", [](Real x, Real) { return truncl(x); }, 0, 0),
      two("atan2", [](Real x, Real y) { return atan2l(x, y); }, 6, 6),
      two("copysign", [](Real x, Real y) { return copysignl(x, y); }, 0, 0),
      two("divide", [](Real x, Real y) { return x / y; }, 0.5, 2.5),
      two("fdim", [](Real x, Real y) { return fdiml(x, y); }, 0.5, 0.5),
      two("fmax", [](Real x, Real y) { return fmaxl(x, y); }, 0, 0),
      two("fmin", [](Real x, Real y) { return fminl(x, y); }, 0, 0),
      two("fmod", [](Real x, Real y) { return fmodl(x, y); }, 0, 0),
      two("pow", [](Real x, Real y) { return powl(x, y); }, 16, 16),
      two("powr", [](Real x, Real y) { return x < 0 ? (Real)NAN : powl(x, y); }, 16, 16),
  };
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
