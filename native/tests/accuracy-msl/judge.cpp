#include "judge.h"

#include <algorithm>
#include <cmath>

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

bool is_wide(Mode mode) { return mode != Mode::half; }
const Format& format_of(Mode mode) { return is_wide(mode) ? float_format : half_format; }

double allowed_ulp(const Function& f, Mode mode, Real x) {
  if (mode == Mode::half) return f.half_ulp;
  if (mode == Mode::precise) return f.precise_ulp;
  return f.fast_ulp + (std::isfinite(x) ? f.per_unit * std::fabs(static_cast<double>(x)) : 0);
}

bool is_right_zero(const Function& f, Mode mode, Real truth, float got) {
  return mode != Mode::precise || f.has_any_zero || truth != 0 || std::signbit(truth) == std::signbit(got);
}

Judgement against(const Function& f, Mode mode, const Args& v, float got) {
  const Real truth = f.truth(v);
  const Format& format = format_of(mode);
  if (std::isnan(truth)) return {std::isnan(got), 0};
  if (std::isnan(got)) return {false, 0};
  const double allowed = allowed_ulp(f, mode, v.x);
  // A number within its bound of overflow may be infinite, and the other way round.
  const Real limit = overflow(format), slack = allowed * step_at(limit / 2, format);
  if (std::isinf(got)) return {std::fabs(truth) >= limit - slack && std::signbit(got) == std::signbit(truth), 0};
  if (std::isinf(truth) || std::fabs(truth) >= limit + slack) return {false, 0};
  if (got == 0 && std::fabs(truth) < least_normal(format) * (1 + 0x1p-10L)) return {is_right_zero(f, mode, truth, got), 0};
  const Real error = std::fabs(Real(got) - truth);
  const auto ulp = static_cast<double>(error / step_at(f.scale ? f.scale(v) : truth, format));
  const bool is_near = mode == Mode::fast && f.fast_absolute > 0 && error <= f.fast_absolute;
  return {is_near || ulp <= allowed + 0x1p-12, ulp};  // the reference's own error and the table's rounding
}

bool is_asked(const Function& f, Mode mode, const Args& v) {
  if (f.is_defined && !f.is_defined(v)) return false;
  // Where even the largest terms overflow, the order of operations decides.
  if (f.scale && !(std::fabs(f.scale(v)) < overflow(format_of(mode)) / 4)) return false;
  return mode != Mode::fast || !std::isfinite(v.x) || std::fabs(v.x) <= f.fast_domain;
}

}  // namespace

Judgement judge(const Function& f, Mode mode, const Args& args, float got) {
  if (!is_asked(f, mode, args)) return {};
  const Real least = least_normal(format_of(mode));
  Judgement best{false, 0};
  for (unsigned flushed = 0; flushed < 8; ++flushed) {
    Args v = args;
    bool is_new = true;
    for (unsigned i = 0; i < 3; ++i) {
      Real& value = i == 0 ? v.x : i == 1 ? v.y : v.z;
      if (!(flushed >> i & 1)) continue;
      is_new = is_new && value != 0 && std::fabs(value) < least;
      value = std::copysign(Real(0), value);
    }
    if (!is_new || (f.is_defined && !f.is_defined(v))) continue;
    const Judgement one = against(f, mode, v, got);
    if (one.is_accepted) return one;
    if (flushed == 0) best = one;
  }
  return best;
}

}  // namespace msl_accuracy
