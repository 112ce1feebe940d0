#include <algorithm>
#include <cmath>

#include "functions.h"

namespace msl_accuracy {
namespace {

bool is_nan(Real x) { return std::isnan(x); }
bool has_no_nan(const Args& v) { return !is_nan(v.x) && !is_nan(v.y) && !is_nan(v.z); }
bool are_finite(const Args& v) { return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z); }

Real middle(const Args& v) { return std::max(std::min(v.x, v.y), std::min(std::max(v.x, v.y), v.z)); }
Real least(const Args& v) { return fminl(fminl(v.x, v.y), v.z); }
Real greatest(const Args& v) { return fmaxl(fmaxl(v.x, v.y), v.z); }
Real clamped(Real x, Real low, Real high) { return fminl(fmaxl(x, low), high); }
Real sign(const Args& v) { return is_nan(v.x) ? 0 : v.x > 0 ? 1 : v.x < 0 ? -1 : v.x; }

Real smooth(const Args& v) {
  const Real t = clamped((v.z - v.x) / (v.y - v.x), 0, 1);
  return t * t * (3 - 2 * t);
}
bool has_edges(const Args& v) { return are_finite(v) && v.x < v.y && v.y - v.x < 0x1p15L && v.y - v.x >= 0x1p-12L && fabsl(v.z) < 0x1p15L; }

Real blend(const Args& v) { return v.x + (v.y - v.x) * v.z; }
bool is_blend(const Args& v) { return are_finite(v) && v.z >= 0 && v.z <= 1 && fabsl(v.y - v.x) < (v.is_half ? 60000.0L : 0x1p127L); }

int exponent_of(const Args& v) { return static_cast<int>(std::clamp<Real>(truncl(v.y), -300, 300)); }

Real significand(const Args& v) {
  int exponent = 0;
  return frexpl(v.x, &exponent);
}
Real exponent(const Args& v) {
  int exponent = 0;
  frexpl(v.x, &exponent);
  return exponent;
}

// The neighbour in the format's own steps.
Real neighbour(const Args& v) {
  if (is_nan(v.x) || is_nan(v.y)) return NAN;
  if (!v.is_half) return std::nextafter(static_cast<float>(v.x), static_cast<float>(v.y));
  if (v.x == v.y) return v.y;
  if (v.x == 0) return copysignl(0x1p-24L, v.y);
  const bool is_outward = (v.y > v.x) == (v.x > 0);
  if (std::isinf(v.x)) return copysignl(65504, v.x);
  const Real size = fabsl(v.x);
  const int power = std::max(std::ilogb(size), -14);
  // Below a power of two the steps are half as wide.
  const Real step = ldexpl(1, !is_outward && size == ldexpl(1, power) && power > -14 ? power - 11 : power - 10);
  const Real next = is_outward ? size + step : size - step;
  return copysignl(next > 65504 ? HUGE_VALL : next, v.x);
}

Function exact(const char* name, int arity, Truth truth, double ulp = 0) {
  Function f;
  f.name = name;
  f.arity = arity;
  f.truth = truth;
  f.precise_ulp = f.fast_ulp = ulp;
  f.half_ulp = std::max(ulp, 0.5);
  return f;
}
Function selecting(const char* name, int arity, Truth truth, bool (*is_defined)(const Args&) = nullptr) {
  Function f = exact(name, arity, truth);
  f.has_any_zero = true;
  f.is_defined = is_defined;
  return f;
}
Function helper(const char* name, int arity, Truth truth, bool (*is_defined)(const Args&) = nullptr) {
  Function f = exact(name, arity, truth);
  f.is_helper = true;
  f.is_defined = is_defined;
  return f;
}
Function few_operations(const char* name, Truth truth, bool (*is_defined)(const Args&), Truth scale, double ulp) {
  Function f = exact(name, 3, truth, ulp);
  f.is_defined = is_defined;
  f.scale = scale;
  f.has_any_zero = true;
  return f;
}
Function part_of_sincos(const char* name, Truth truth) {
  Function f = helper(name, 1, truth);
  f.precise_ulp = f.fast_ulp = 4;
  f.half_ulp = 1;
  f.fast_absolute = 0x1p-13;
  f.fast_domain = 3.1415927;
  return f;
}

}  // namespace

std::vector<Function> exact_functions() {
  Function ldexp = helper("ldexp_by", 2, [](const Args& v) { return ldexpl(v.x, exponent_of(v)); }, has_no_nan);
  ldexp.precise_ulp = ldexp.fast_ulp = 0.5;
  return {
      exact("abs", 1, [](const Args& v) { return fabsl(v.x); }),
      exact("sign", 1, sign),
      selecting("saturate", 1, [](const Args& v) { return is_nan(v.x) ? 0 : clamped(v.x, 0, 1); }),
      exact("step", 2, [](const Args& v) -> Real { return v.y < v.x ? 0 : 1; }),
      exact("nextafter", 2, neighbour),
      selecting("min", 2, [](const Args& v) { return fminl(v.x, v.y); }),
      selecting("max", 2, [](const Args& v) { return fmaxl(v.x, v.y); }),
      selecting("min3", 3, least),
      selecting("max3", 3, greatest),
      selecting("median3", 3, middle, has_no_nan),
      selecting("fmin3", 3, least),
      selecting("fmax3", 3, greatest),
      selecting("fmedian3", 3, middle, has_no_nan),
      selecting("clamp", 3, [](const Args& v) { return clamped(v.x, v.y, v.z); }, [](const Args& v) { return v.y <= v.z; }),
      exact("fma", 3, [](const Args& v) { return fmal(v.x, v.y, v.z); }, 0.5),
      few_operations("mad", [](const Args& v) { return v.x * v.y + v.z; }, are_finite, [](const Args& v) { return std::max(fabsl(v.x * v.y), fabsl(v.z)); }, 2),
      few_operations("mix", blend, is_blend, [](const Args& v) { return std::max({fabsl(v.x), fabsl(v.y), fabsl(v.y - v.x) * v.z}); }, 3),
      few_operations("smoothstep", smooth, has_edges, nullptr, 24),
      helper("modf_fraction", 1, [](const Args& v) { return std::isinf(v.x) ? copysignl(0, v.x) : copysignl(v.x - truncl(v.x), v.x); }),
      helper("modf_whole", 1, [](const Args& v) { return truncl(v.x); }),
      helper("frexp_significand", 1, significand, are_finite),
      helper("frexp_exponent", 1, exponent, are_finite),
      helper("ilogb_value", 1, [](const Args& v) -> Real { return v.x == 0 || is_nan(v.x) ? -0x1p31L : std::isinf(v.x) ? 0x1p31L : std::ilogb(v.x); }),
      ldexp,
      part_of_sincos("sincos_sine", [](const Args& v) { return sinl(v.x); }),
      part_of_sincos("sincos_cosine", [](const Args& v) { return cosl(v.x); }),
  };
}

}  // namespace msl_accuracy
