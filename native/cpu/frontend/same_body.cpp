#include "same_body.h"

#include <algorithm>

namespace klab::msl {
namespace {

bool is_integer(std::string_view word) {
  constexpr std::string_view words[] = {"short", "ushort", "int16_t", "uint16_t", "int", "uint", "int32_t", "uint32_t", "long", "ulong", "int64_t", "uint64_t", "size_t"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// [first, last) without address spaces, const, attributes and the token `name`.
std::string bare_type(const Program& p, uint32_t first, uint32_t last, uint32_t name) {
  std::string type;
  for (uint32_t i = first; i < last; ++i) {
    if (i != name && !p.in_attribute(i) && !is_address_space(p[i].text) && !p.is(i, "const")) type += std::string(p[i].text) + ' ';
  }
  return type;
}

struct Named {
  std::string_view name;
  std::string type;
};

// The parameters, in order: what they are called makes no difference.
std::vector<Named> named_parameters(const Program& p, uint32_t open) {
  std::vector<Named> all;
  for (const auto& [first, last] : split_commas(p, open + 1, p.close(open))) {
    uint32_t name = last, end = first;
    for (; end < last && !p.is(end, "="); ++end) {
      if (p[end].is_identifier() && !p.in_attribute(end)) name = end;
    }
    all.push_back({name < last ? p[name].text : std::string_view(), bare_type(p, first, end, name)});
  }
  return all;
}

// Bodies alike but for address spaces, casts from one to another, const and the width of integers.
std::string body_of(const Program& p, const FunctionDeclaration& f) {
  const std::vector<Named> parameters = named_parameters(p, f.head.open);
  const auto parameter_at = [&](uint32_t i) { return std::find_if(parameters.begin(), parameters.end(), [&](const Named& parameter) { return p.is(i, parameter.name) && p[i].is_identifier(); }); };
  std::string body;
  for (uint32_t i = p.close(f.head.open) + 1; i <= p.close(f.last); ++i) {
    if (p.in_attribute(i) || is_address_space(p[i].text) || p.is(i, "const")) continue;
    const auto cast = p.is(i, "(") && p[i].match != none ? parameter_at(p.close(i) + 1) : parameters.end();
    if (cast != parameters.end() && bare_type(p, i + 1, p.close(i), 0) == cast->type) {
      i = p.close(i);
      continue;
    }
    const auto parameter = p.is(i - 1, ".") || p.is(i - 1, "->") ? parameters.end() : parameter_at(i);
    if (parameter != parameters.end()) body += "$" + std::to_string(parameter - parameters.begin());
    else body += is_integer(p[i].text) ? "integer" : p[i].text;
    body += ' ';
  }
  return body;
}

}  // namespace

bool do_the_same(const Program& p, const FunctionDeclaration& a, const FunctionDeclaration& b) {
  return !a.is_definition || !b.is_definition || body_of(p, a) == body_of(p, b);
}

}  // namespace klab::msl
