// The math and common functions of the language, what each is in real numbers, and how far a device may be off.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

namespace msl_accuracy {

using Real = long double;
static_assert(sizeof(Real) > sizeof(double), "a reference needs more digits than double has");

struct Args {
  Real x = 0, y = 0, z = 0;
  bool is_half = false;  // for functions that depend on the format
};
using Truth = Real (*)(const Args&);

// Bounds of the Metal Shading Language Specification, chapter "Numerical Compliance": the tables on the accuracy of
// single-precision operations, of those under fast math, and of half-precision operations. 0.5 is "correctly rounded".
struct Function {
  const char* name = "";
  int arity = 1;
  Truth truth = nullptr;
  double precise_ulp = 0;  // metal::precise, or math without fast math
  double fast_ulp = 0;     // metal::fast; plus `per_unit` ulp for every unit of |x|
  double per_unit = 0;
  double fast_absolute = 0;  // also enough, where |x| <= fast_domain; nothing is promised of a finite x beyond it
  double fast_domain = std::numeric_limits<double>::infinity();
  double half_ulp = 0.5;
  // Not a function of metal's but one that the kernels define on top of it, for what has more than one result.
  bool is_helper = false;
  bool has_any_zero = false;  // either zero will do where the result is zero
  // Where the language says what comes out; null: everywhere.
  bool (*is_defined)(const Args&) = nullptr;
  // What an ulp is one of, instead of the result: the largest term of a sum that may cancel.
  Truth scale = nullptr;
};

const std::vector<Function>& functions();
// Those of them that are exact, correctly rounded or a few operations.
std::vector<Function> exact_functions();

// Zeros, denormals, limits, infinities, NaN, ones and powers of two with their neighbours, multiples of pi/2, values
// half-way between integers, and `count` drawn from `seed`: half of them of any exponent, half between -32 and 32.
std::vector<float> corner_values();
std::vector<float> test_values(uint32_t count, uint32_t seed);

}  // namespace msl_accuracy
