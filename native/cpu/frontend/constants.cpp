#include "constants.h"

#include <bit>
#include <cmath>
#include <cstdio>

#include "syntax.h"

namespace klab::msl {
namespace {

uint32_t find_word(const Program& p, std::string_view word, uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last; ++i) {
    if (p.is(i, word) && !p.in_attribute(i)) return i;
  }
  return last;
}

bool is_qualifier(std::string_view word) {
  return is_address_space(word) || word == "const" || word == "static" || word == "constexpr" || word == "extern" || word == "volatile" || word == "inline";
}

// The declared name: the last word before '=', '[' or '{'.
uint32_t declared_name(const Program& p, uint32_t first, uint32_t last) {
  uint32_t name = last;
  for (uint32_t i = skip_template_headers(p, first, last); i < last; ++i) {
    if (p.in_attribute(i)) continue;
    if (p.is(i, "=") || p.is(i, "[") || p.is(i, "{")) break;
    if (p.is(i, "<")) i = skip_angles(p, i).value_or(i + 1) - 1;
    else if (p.opens(i)) i = p.close(i);
    else if (p[i].is_identifier()) name = i;
  }
  return name;
}

void read_function_constant(Program& p, uint32_t first, uint32_t last, const Attribute& attribute) {
  Constant constant;
  constant.token = declared_name(p, first, last);
  if (constant.token >= last) return;
  constant.name = p[constant.token].text;
  for (uint32_t i = first; i < constant.token; ++i) {
    if (p.in_attribute(i) || is_qualifier(p[i].text)) continue;
    if (!constant.type.empty() && p[i].is_identifier() && p[i - 1].is_identifier()) constant.type += ' ';
    constant.type += p[i].text;
  }
  const auto index = evaluate_integer(p, attribute.first, attribute.last);
  if (!index || *index < 0 || *index > 65535) {
    p.report(constant.token, "the index of function constant '" + constant.name + "' must be a number from 0 to 65535");
    return;
  }
  constant.index = uint32_t(*index);
  p.remove(first, last + 1);
  p[constant.token].is_removed = false;  // emitted as the whole declaration
  p.constants.push_back(std::move(constant));
}

double half_value(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : exponent == 31 ? (fraction ? NAN : INFINITY) : std::ldexp(1024 + fraction, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

std::string float_expression(double value) {
  if (std::isnan(value)) return "__builtin_nan(\"\")";
  if (std::isinf(value)) return value < 0 ? "-__builtin_inf()" : "__builtin_inf()";
  char text[64];
  std::snprintf(text, sizeof text, "%a", value);
  return text;
}

std::string value_expression(const ConstantValue& value) {
  const uint64_t bits = value.bits;
  switch (value.type) {
    case KLAB_BOOL: return bits & 0xff ? "true" : "false";
    case KLAB_I8: return std::to_string(int8_t(bits));
    case KLAB_U8: return std::to_string(uint8_t(bits));
    case KLAB_I16: return std::to_string(int16_t(bits));
    case KLAB_U16: return std::to_string(uint16_t(bits));
    case KLAB_I32: return "(" + std::to_string(int32_t(bits)) + "l)";
    case KLAB_U32: return std::to_string(uint32_t(bits)) + "u";
    case KLAB_I64: return int64_t(bits) == INT64_MIN ? "(-9223372036854775807l - 1)" : "(" + std::to_string(int64_t(bits)) + "l)";
    case KLAB_U64: return std::to_string(bits) + "ul";
    case KLAB_F16: return float_expression(half_value(uint16_t(bits)));
    case KLAB_BF16: return float_expression(std::bit_cast<float>(uint32_t(bits & 0xffff) << 16));
    case KLAB_F32: return float_expression(std::bit_cast<float>(uint32_t(bits)));
    case KLAB_F64: return float_expression(std::bit_cast<double>(bits));
    default: return "0";
  }
}

}  // namespace

void read_global(Program& p, uint32_t first, uint32_t last) {
  if (const Attribute* attribute = p.find_attribute("function_constant", first, last)) {
    return read_function_constant(p, first, last, *attribute);
  }
  if (p.is(first, "using") || p.is(first, "typedef") || p.is(first, "static_assert")) return;
  const uint32_t name = declared_name(p, first, last);
  if (name >= last) return;
  if (find_word(p, "=", first, last) < last) p.globals.push_back({std::string(p[name].text), first, last});
  const uint32_t constant = find_word(p, "constant", first, name);
  if (constant == name) return;
  // `constant constexpr float S<4>::table[8];` defines a member once more.
  const bool is_member = p.is(name - 1, "::");
  const bool is_static = is_member || find_word(p, "static", first, name) < name || find_word(p, "extern", first, name) < name;
  const bool is_const = find_word(p, "const", first, name) < name || find_word(p, "constexpr", first, name) < name;
  p[constant].rewrite(std::string(is_static ? "" : "static ") + (is_const ? "" : "const"));
}

std::vector<std::string> declared_names(const Program& p, uint32_t first, uint32_t last) {
  if (p.is(first, "static_assert") || (p.is(first, "using") && p.is(first + 1, "namespace"))) return {};
  if (p.is(first, "using")) return {std::string(p[first + 1].text)};
  std::vector<std::string> names;
  for (const auto& [begin, end] : split_commas(p, skip_template_headers(p, first, last), last)) {
    const uint32_t name = p.is(first, "typedef") ? end - 1 : declared_name(p, begin, end);
    if (name < end && p[name].is_identifier()) names.emplace_back(p[name].text);
  }
  return names;
}

void read_static_member(Program& p, uint32_t first, uint32_t last) {
  if (find_word(p, "static", first, last) == last || find_word(p, "=", first, last) == last) return;
  const uint32_t constant = find_word(p, "constant", first, last);
  if (constant == last) return;
  p[constant].rewrite(find_word(p, "constexpr", first, last) < last ? "" : "constexpr");
}

void read_defined_tests(Program& p) {
  for (uint32_t i = 0; i + 3 < p.size(); ++i) {
    if (!p.is(i, "is_function_constant_defined") || !p.is(i + 1, "(")) continue;
    bool is_known = false;
    for (Constant& constant : p.constants) {
      // A qualified name ends in the constant's.
      if (!p.is(p.close(i + 1) - 1, constant.name)) continue;
      if (!p[i].is_removed) constant.defined_tests.push_back(i);
      is_known = true;
    }
    if (!is_known) p.report(i + 2, "'" + p.written(i + 2, p.close(i + 1)) + "' is not declared with [[function_constant(index)]]");
    p.remove(i + 1, p.close(i + 1) + 1);
    // The namespace in front of it would qualify the value.
    if (i >= 2 && p.is(i - 1, "::") && p[i - 2].is_identifier()) p.remove(i - 2, i);
  }
}

const ConstantValue* find_value(const Constant& constant, const std::vector<ConstantValue>& values) {
  for (const ConstantValue& value : values) {
    if (value.name.empty() ? value.index == constant.index : value.name == constant.name) return &value;
  }
  return nullptr;
}

std::string constant_expression(const Constant& constant, const ConstantValue& value) {
  return "(" + constant.type + ")(" + value_expression(value) + ")";
}

Replacements constant_replacements(const Program& p, const std::vector<ConstantValue>* values) {
  Replacements replacements;
  for (const Constant& constant : p.constants) {
    const std::string declared = constant.type + " " + constant.name + " = ";
    const ConstantValue* value = values ? find_value(constant, *values) : nullptr;
    std::string& declaration = replacements[constant.token];
    if (!values) declaration = "static const " + declared + "klab_msl::unknown_constant<" + constant.type + ">();";
    else if (value) declaration = "static constexpr " + declared + constant_expression(constant, *value) + ";";
    else declaration = "static constexpr " + declared + constant.type + "();";
    for (const uint32_t token : constant.defined_tests) {
      replacements[token] = !values ? "klab_msl::unknown_constant<bool>()" : value ? "true" : "false";
    }
  }
  return replacements;
}

}  // namespace klab::msl
