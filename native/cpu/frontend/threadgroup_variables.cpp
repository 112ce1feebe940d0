#include "threadgroup_variables.h"

#include "../../msl/kernel_abi.h"
#include "syntax.h"

namespace klab::msl {
namespace {

bool starts_statement(const Program& p, uint32_t i) {
  return i == 0 || p.is(i - 1, ";") || p.is(i - 1, "{") || p.is(i - 1, "}") || p.is(i - 1, ":") || p.in_attribute(i - 1);
}

// The first token of the declaration that the `threadgroup` at i is part of; none when it is part of a type only.
std::optional<uint32_t> statement_of(const Program& p, uint32_t i) {
  uint32_t first = i;
  while (!starts_statement(p, first)) {
    if (p.is(first - 1, "static") || p.is(first - 1, "volatile") || p.is(first - 1, "const")) {
      --first;
    } else if (p.is(first - 1, ")") && p[first - 1].match > 0 && p.is(uint32_t(p[first - 1].match) - 1, "alignas")) {
      first = uint32_t(p[first - 1].match) - 1;
    } else {
      return std::nullopt;
    }
  }
  return first;
}

struct Declaration {
  uint32_t first = 0, last = 0;  // up to the ';'
  uint32_t name = 0;             // of the first declarator
  std::string type, alignment;
};

// A pointer or reference to threadgroup memory is an ordinary variable.
std::optional<Declaration> read_variable(const Program& p, uint32_t first) {
  Declaration d;
  d.first = first;
  uint32_t i = first;
  for (; i < p.size() && !p.is(i, ";") && !p.is(i, "[") && !p.is(i, "=") && !p.is(i, ",") && !p.is(i, "{"); ++i) {
    if (p.in_attribute(i)) continue;
    if (p.is(i, "*") || p.is(i, "&") || p.is(i, "&&") || p.is(i, "}") || p.is(i, ")")) return std::nullopt;
    if (p.is(i, "alignas") && p.is(i + 1, "(")) {
      d.alignment = p.rewritten(i + 2, p.close(i + 1));
      i = p.close(i + 1);
    } else if (p.is(i, "decltype") && p.is(i + 1, "(")) {
      d.type += p.rewritten(i, p.close(i + 1) + 1) + " ";
      i = p.close(i + 1);
    } else if (p.is(i, "(")) {
      return std::nullopt;
    } else if (p.is(i, "<")) {
      const auto after = skip_angles(p, i);
      if (!after) return std::nullopt;
      d.type += p.rewritten(i, *after) + " ";
      i = *after - 1;
    } else {
      d.name = i;
      const std::string_view word = p[i].text;
      const uint32_t next = i + 1;
      const bool is_name = p.is(next, ";") || p.is(next, "[") || p.is(next, "=") || p.is(next, ",") || p.is(next, "{");
      if (!is_name && !p[i].emitted().empty() && word != "static" && word != "volatile" && word != "const") d.type += std::string(p[i].emitted()) + " ";
    }
  }
  if (i >= p.size() || d.type.find_first_not_of(' ') == std::string::npos || !p[d.name].is_identifier()) return std::nullopt;
  while (i < p.size() && !p.is(i, ";")) i = p.opens(i) ? p.close(i) + 1 : i + 1;
  d.last = i;
  return i < p.size() ? std::optional(d) : std::nullopt;
}

void rewrite(Program& p, const Declaration& d, bool is_in_template) {
  std::string out;
  for (const auto& [first, last] : split_commas(p, d.name, d.last)) {
    uint32_t dimensions = first + 1;
    while (p.is(dimensions, "[") && dimensions < last) dimensions = p.close(dimensions) + 1;
    if (dimensions < last) p.warn(first, "threadgroup variable '" + std::string(p[first].text) + "' is not initialised, whatever it is declared with: assign to it from one thread, then wait at a barrier");
    const std::string type = d.type + p.rewritten(first + 1, std::min(dimensions, last));
    const std::string alignment = d.alignment.empty() ? "" : ", " + d.alignment;
    const std::string name(p[first].text);
    if (is_in_template) {
      // Each instantiation has a variable of its own, and so a tag type of its own.
      out += "struct klab__" + name + "_tag; auto& " + name + " = klab_msl::threadgroup_variable_of<klab__" + name + "_tag, klab__slots, " + type + alignment + ">(); ";
    } else {
      out += "auto& " + name + " = klab_msl::threadgroup_variable<" + type + alignment + ">(" + std::to_string(p.threadgroup_slots++) + "); ";
    }
    if (p.threadgroup_slots == KLAB_TG_VARIABLE_SLOTS + 1) p.report(first, "more than " + std::to_string(KLAB_TG_VARIABLE_SLOTS) + " threadgroup variables in one source are not available on the cpu device");
  }
  p.remove(d.first, d.last + 1);
  p[d.name].is_removed = false;
  p[d.name].rewrite(std::move(out));
}

}  // namespace

void rewrite_threadgroup_variables(Program& p) {
  for (const Function& function : std::vector<Function>(p.functions)) {
    for (uint32_t i = function.body_first + 1; i < function.body_last; ++i) {
      if (!p.is(i, "threadgroup") || p.in_attribute(i) || p[i].is_removed) continue;
      const auto first = statement_of(p, i);
      if (!first) continue;
      const auto declaration = read_variable(p, *first);
      if (declaration && declaration->last <= function.body_last) rewrite(p, *declaration, function.is_in_template);
    }
  }
}

}  // namespace klab::msl
