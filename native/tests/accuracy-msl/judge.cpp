#include "judge.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace msl_accuracy {
namespace {

struct Format {
  int digits, least_exponent, greatest_exponent;
};
constexpr Format float_format = {24, -126, 127}, half_format = {11, -14, 15};

Real step_at(Real value, const Format& format) {
  const int exponent = value == 0 ? format.least_exponent : std::max(std::ilogb(value), format.least_exponent);
  return std::ldexp(Real(1), exponent - (format.digits - 1));
}
Real least_normal(const Format& format) { return std::ldexp(Real(1), format.least_exponent); }
// From here on a number rounds to infinity.
Real overflow(const Format& format) { return std::ldexp(2 - std::ldexp(Real(1), -format.digits), format.greatest_exponent); }

double allowed_ulp(const Function& f, Mode mode, float x) {
  if (mode == Mode::half) return std::max(f.half_ulp, 0.5);
  return mode == Mode::fast ? f.fast_ulp + f.per_unit * std::fabs(x) : f.precise_ulp;
}

Judgement against(const Function& f, Mode mode, float x, float got, Real truth) {
  const Format& format = mode == Mode::half ? half_format : float_format;
  if (std::isnan(truth)) return {std::isnan(got), 0};
  if (std::isnan(got)) return {false, 0};
  const double allowed = allowed_ulp(f, mode, x);
  // A number within its bound of overflow may be infinite, and the other way round.
  const Real limit = overflow(format), slack = allowed * step_at(limit / 2, format);
  if (std::isinf(got)) return {std::fabs(truth) >= limit - slack && std::signbit(got) == std::signbit(truth), 0};
  if (std::isinf(truth) || std::fabs(truth) >= limit + slack) return {false, 0};
  if (got == 0 && std::fabs(truth) < least_normal(format) * (1 + 0x1p-10L)) return {};
  const Real error = std::fabs(Real(got) - truth);
  const auto ulp = static_cast<double>(error / step_at(truth, format));
  const bool is_near = mode == Mode::fast && f.fast_absolute > 0 && error <= f.fast_absolute;
  return {is_near || ulp <= allowed + 0x1p-12, ulp};  // the reference's own error and the table's rounding
}

bool is_denormal(float x) { return x != 0 && std::fabs(x) < 0x1p-126f; }

bool is_asked(const Function& f, Mode mode, float x, float y) {
  if (std::strcmp(f.name, "powr") == 0 && !(x > 0 && std::isfinite(x) && std::isfinite(y))) return false;
  if (mode == Mode::precise) return true;
  const Real truth = f.truth(x, y);
  const bool is_finite = std::isfinite(x) && (f.arity == 1 || std::isfinite(y)) && std::isfinite(truth);
  const Real limit = overflow(mode == Mode::half ? half_format : float_format);
  return is_finite && std::fabs(truth) < limit * 0.99L && (mode == Mode::half || std::fabs(x) <= f.fast_domain);
}

}  // namespace

Judgement judge(const Function& f, Mode mode, float x, float y, float got) {
  if (!is_asked(f, mode, x, y)) return {};
  Judgement best{false, 0};
  for (const bool x_flushed : {false, true}) {
    for (const bool y_flushed : {false, true}) {
      if ((x_flushed && !is_denormal(x)) || (y_flushed && !is_denormal(y))) continue;
      const Real truth = f.truth(x_flushed ? std::copysign(0.0f, x) : x, y_flushed ? std::copysign(0.0f, y) : y);
      const Judgement one = against(f, mode, x, got, truth);
      if (one.is_accepted) return one;
      if (!x_flushed && !y_flushed) best = one;
    }
  }
  return best;
}

}  // namespace msl_accuracy
