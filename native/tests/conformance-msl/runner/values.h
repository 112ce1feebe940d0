// Numbers of every element type as text, as bytes of a buffer, and how far two of them are apart.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "include/klab.h"

namespace msl_conformance {

// The names that klab run takes: i8 u8 … u64 f16 bf16 f32 bool; KLAB_F64 + 1 when it is none.
uint32_t scalar_type(std::string_view name);
uint32_t scalar_bytes(uint32_t type);
bool is_real(uint32_t type);

// The bits of a number rounded to nearest even: decimal, hexadecimal (also 0x1.8p3), inf, nan, true, false.
bool parse_scalar(std::string_view text, uint32_t type, uint64_t& bits);

// The real number behind the bits, integers included.
double real_value(uint64_t bits, uint32_t type);
std::string show_scalar(uint64_t bits, uint32_t type);

struct Tolerance {
  double ulp = 0, absolute = 0;  // a value passes when it keeps either
};

// Whether `got` will do where `expected` was asked for. NaN is like any NaN, and a zero like the other zero unless
// `has_sign` (written as +0 or -0).
bool is_within(uint64_t got, uint64_t expected, uint32_t type, bool has_sign, const Tolerance& tolerance);

}  // namespace msl_conformance
