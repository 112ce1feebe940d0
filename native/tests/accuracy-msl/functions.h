// The math functions of the language, what each is in real numbers, and how far a device may be off.
#pragma once
#include <cstdint>
#include <vector>

namespace msl_accuracy {

using Real = long double;
static_assert(sizeof(Real) > sizeof(double), "a reference needs more digits than double has");

// Bounds of the Metal Shading Language Specification, chapter "Numerical Compliance": the tables on the accuracy of
// single-precision operations, of those under fast math, and of half-precision operations. 0.5 is "correctly rounded".
struct Function {
  const char* name;
  int arity;
  Real (*truth)(Real x, Real y);
  double precise_ulp;  // metal::precise, or math without fast math
  double fast_ulp;     // metal::fast; plus `per_unit` ulp for every unit of |x|
  double per_unit;
  double fast_absolute;      // also enough, where |x| <= fast_domain; nothing is promised beyond it
  double fast_domain;
  double half_ulp;
};

const std::vector<Function>& functions();

// Zeros, denormals, limits, infinities, NaN, ones and powers of two with their neighbours, multiples of pi/2, values
// half-way between integers, and `count` drawn from `seed`: half of them of any exponent, half between -32 and 32.
std::vector<float> corner_values();
std::vector<float> test_values(uint32_t count, uint32_t seed);

}  // namespace msl_accuracy
