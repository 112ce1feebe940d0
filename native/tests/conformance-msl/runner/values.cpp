#include "values.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace msl_conformance {
namespace {

struct Type {
  std::string_view name;
  uint32_t bytes;
  int digits, exponent_bits;  // of a real number; digits count the hidden one
};
constexpr std::array types = {
    Type{"bool", 1, 0, 0}, Type{"i8", 1, 0, 0},  Type{"u8", 1, 0, 0},  Type{"i16", 2, 0, 0},  Type{"u16", 2, 0, 0},  Type{"i32", 4, 0, 0}, Type{"u32", 4, 0, 0},
    Type{"i64", 8, 0, 0},  Type{"u64", 8, 0, 0}, Type{"f16", 2, 11, 5}, Type{"bf16", 2, 8, 8}, Type{"f32", 4, 24, 8}, Type{"f64", 8, 53, 11},
};
static_assert(types.size() == KLAB_F64 + 1);

int bias_of(const Type& type) { return (1 << (type.exponent_bits - 1)) - 1; }

uint64_t encode(double value, const Type& type) {
  const uint64_t sign = std::signbit(value) ? uint64_t(1) << (8 * type.bytes - 1) : 0;
  const int stored = type.digits - 1, bias = bias_of(type);
  const uint64_t infinity = ((uint64_t(1) << type.exponent_bits) - 1) << stored;
  if (std::isnan(value)) return sign | infinity | uint64_t(1) << (stored - 1);
  if (std::isinf(value)) return sign | infinity;
  if (value == 0) return sign;
  const int exponent = std::max(std::ilogb(value), 1 - bias);
  // Below the hidden bit's place the number is denormal; a carry out of the significand lands in the exponent.
  const auto significand = static_cast<uint64_t>(std::nearbyint(std::ldexp(std::fabs(value), stored - exponent)));
  const uint64_t bits = significand + (static_cast<uint64_t>(exponent + bias - 1) << stored);
  return sign | std::min(bits, infinity);
}

double decode(uint64_t bits, const Type& type) {
  const int stored = type.digits - 1, bias = bias_of(type);
  const bool is_negative = bits >> (8 * type.bytes - 1) & 1;
  const auto exponent = static_cast<int>(bits >> stored & ((uint64_t(1) << type.exponent_bits) - 1));
  const uint64_t fraction = bits & ((uint64_t(1) << stored) - 1);
  double value = 0;
  if (exponent == (1 << type.exponent_bits) - 1) value = fraction ? std::nan("") : HUGE_VAL;
  else if (exponent == 0) value = std::ldexp(static_cast<double>(fraction), 1 - bias - stored);
  else value = std::ldexp(static_cast<double>(fraction | uint64_t(1) << stored), exponent - bias - stored);
  return is_negative ? -value : value;
}

// From one number to the next around `value`.
double step_at(double value, const Type& type) {
  const int exponent = value == 0 ? 1 - bias_of(type) : std::max(std::ilogb(value), 1 - bias_of(type));
  return std::ldexp(1.0, exponent - (type.digits - 1));
}

bool parse_integer(const std::string& text, uint32_t type, uint64_t& bits) {
  char* end = nullptr;
  errno = 0;
  const bool is_negative = text[0] == '-';
  bits = is_negative ? static_cast<uint64_t>(std::strtoll(text.c_str(), &end, 0)) : std::strtoull(text.c_str(), &end, 0);
  const uint32_t width = 8 * types[type].bytes;
  const auto top = is_negative ? ~bits >> (width - 1) : width == 64 ? 0 : bits >> width;
  if (width < 64) bits &= (uint64_t(1) << width) - 1;
  return *end == 0 && errno == 0 && top == 0;
}

}  // namespace

uint32_t scalar_type(std::string_view name) {
  for (uint32_t i = 0; i < types.size(); ++i) {
    if (types[i].name == name) return i;
  }
  return KLAB_F64 + 1;
}
uint32_t scalar_bytes(uint32_t type) { return types[type].bytes; }
bool is_real(uint32_t type) { return types[type].digits > 0; }

bool parse_scalar(std::string_view view, uint32_t type, uint64_t& bits) {
  const std::string text(view);
  if (text.empty()) return false;
  if (type == KLAB_BOOL && (text == "true" || text == "false")) return bits = text == "true", true;
  if (!is_real(type)) return parse_integer(text, type, bits);
  char* end = nullptr;
  bits = encode(std::strtod(text.c_str(), &end), types[type]);
  return *end == 0;
}

double real_value(uint64_t bits, uint32_t type) {
  if (is_real(type)) return decode(bits, types[type]);
  if (type == KLAB_BOOL || type % 2 == 0) return static_cast<double>(bits);
  const uint32_t unused = 64 - 8 * types[type].bytes;
  return static_cast<double>(static_cast<int64_t>(bits << unused) >> unused);
}

std::string show_scalar(uint64_t bits, uint32_t type) {
  char text[64];
  if (is_real(type)) std::snprintf(text, sizeof text, "%.9g", real_value(bits, type));
  else if (type == KLAB_BOOL || type % 2 == 0) std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(bits));
  else std::snprintf(text, sizeof text, "%lld", static_cast<long long>(static_cast<int64_t>(bits << (64 - 8 * types[type].bytes)) >> (64 - 8 * types[type].bytes)));
  return text;
}

bool is_within(uint64_t got, uint64_t expected, uint32_t type, bool has_sign, const Tolerance& tolerance) {
  if (got == expected) return true;
  if (!is_real(type)) return false;
  const double a = decode(got, types[type]), b = decode(expected, types[type]);
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  if (a == 0 && b == 0) return !has_sign;
  const double distance = std::fabs(a - b);
  return distance <= tolerance.absolute || distance <= tolerance.ulp * step_at(b, types[type]);
}

}  // namespace msl_conformance
