#include "argument_buffers.h"

#include <map>
#include <optional>

#include "syntax.h"

namespace klab::msl {
namespace {

// A structure's name → the member that makes it an argument buffer.
using Holders = std::map<std::string_view, std::string>;

// The `{` of `struct name … {` at i.
std::optional<uint32_t> body_of(const Program& p, uint32_t i, std::string_view& name) {
  if (!p.is(i, "struct") && !p.is(i, "class")) return std::nullopt;
  uint32_t k = i + 1;
  while (p.in_attribute(k) || p.is(k, "alignas") || p.is(k, "(")) k = p.is(k, "(") ? p.close(k) + 1 : k + 1;
  if (p.is_identifier(k)) name = p[k].text;
  while (k < p.size() && !p.is(k, "{") && !p.is(k, ";") && !p.is(k, "(") && !p.is(k, ")")) ++k;
  if (!p.is(k, "{") || p[k].match == none) return std::nullopt;
  // `typedef struct { … } Name;`
  if (name.empty() && p.is_identifier(p.close(k) + 1)) name = p[p.close(k) + 1].text;
  return k;
}

// [first, last) is one member's declaration without its ';'.
bool holds_address(const Program& p, uint32_t first, uint32_t last, const Holders& known) {
  bool is_remote = false;
  for (uint32_t i = first; i < last; ++i) {
    if (p.in_attribute(i)) continue;
    if (p.opens(i) && !p.is(i, "[")) return false;  // a function
    is_remote |= p.is(i, "device") || p.is(i, "constant");
    if (is_remote && (p.is(i, "*") || p.is(i, "&"))) return true;
    if (known.contains(p[i].text) && p[i].is_identifier()) return true;
  }
  return false;
}

std::string member_name(const Program& p, uint32_t first, uint32_t last) {
  std::string name;
  for (uint32_t i = first; i < last && !p.is(i, "[") && !p.is(i, "="); ++i) {
    if (p[i].is_identifier() && !p.in_attribute(i)) name = p[i].text;
    if (p.in_attribute(i)) i = p.attributes[size_t(p[i].attribute)].last;
  }
  return name;
}

void read_structure(const Program& p, std::string_view name, uint32_t open, Holders& holders) {
  uint32_t start = open + 1;
  for (uint32_t i = start; i < p.close(open); ++i) {
    if (p.is(i, ";")) {
      if (!p.is(start, "static") && !p.is(start, "using") && !p.is(start, "typedef") && holds_address(p, start, i, holders)) {
        holders.emplace(name, member_name(p, start, i));
        return;
      }
      start = i + 1;
    } else if (p.is(i, "{")) {
      i = p.close(i);
      if (!p.is(i + 1, ";")) start = i + 1;
    } else if (p.is(i, "(")) {
      i = p.close(i);
    }
  }
}

Holders holders_of(const Program& p) {
  Holders holders;
  for (uint32_t i = 0; i < p.size(); ++i) {
    std::string_view name;
    const auto open = body_of(p, i, name);
    if (open && !name.empty()) read_structure(p, name, *open, holders);
  }
  return holders;
}

uint32_t levels_of(const Program& p, const Parameter& parameter) {
  uint32_t levels = 0;
  for (uint32_t i = parameter.first; i < parameter.last; ++i) {
    if (p.in_attribute(i)) continue;
    if (p.is(i, "<")) i = skip_angles(p, i).value_or(i + 1) - 1;
    else levels += p.is(i, "*");
  }
  return levels;
}

}  // namespace

void report_argument_buffers(Program& p) {
  const Holders holders = holders_of(p);
  for (const Kernel& kernel : p.kernels) {
    for (const Parameter& parameter : kernel.parameters) {
      if (parameter.role != ParameterRole::buffer || parameter.count) continue;
      const std::string name = "parameter '" + parameter.name + "' of kernel '" + kernel.name + "'";
      const std::string advice = ": buffers that hold addresses of other buffers are not available on the cpu device; pass what it points to as a parameter";
      const auto holder = holders.find(parameter.type);
      if (levels_of(p, parameter) > 1) p.report_limit(parameter.token, name + " is a pointer to pointers" + advice);
      else if (holder != holders.end()) p.report_limit(parameter.token, name + " is an argument buffer, as its member '" + holder->second + "' holds an address" + advice);
    }
  }
}

}  // namespace klab::msl
