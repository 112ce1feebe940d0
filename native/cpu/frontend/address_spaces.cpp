#include "address_spaces.h"

#include "syntax.h"

namespace klab::msl {
namespace {

bool is_specifier(const Token& token) {
  return token.is("const") || token.is("constexpr") || token.is("static") || token.is("inline") || token.is("volatile") ||
         token.is("typename") || token.is("extern") || is_address_space(token.text);
}

bool says_const(const Token& token) {
  const std::string_view emitted = token.emitted();
  return emitted == "const" || emitted == "constexpr" || emitted == "static const";
}

// Whether the type that the token at i qualifies is const already, by a word before it or before its '*'.
bool is_const_already(const Program& p, uint32_t i) {
  for (uint32_t k = i; k-- > 0 && (is_specifier(p[k]) || p.in_attribute(k));) {
    if (says_const(p[k])) return true;
  }
  for (uint32_t k = i + 1; k < p.size(); ++k) {
    if (p.in_attribute(k)) continue;
    if (p.is(k, "<")) {
      const auto after = skip_angles(p, k);
      if (!after) return false;
      k = *after - 1;
    } else if (says_const(p[k])) {
      return true;
    } else if (!p[k].is_identifier() && !p.is(k, "::")) {
      return false;
    }
  }
  return false;
}

}  // namespace

void rewrite_address_spaces(Program& p) {
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (!p[i].is_identifier() || p.in_attribute(i) || p[i].is_rewritten) continue;
    if (p.is(i, "coherent")) {
      p[i].rewrite("");
      if (p.is(i + 1, "(") && p[i + 1].match != none) {
        for (uint32_t k = i + 1; k <= p.close(i + 1); ++k) p[k].rewrite("");
      }
      continue;
    }
    if (p.is(i, "kernel") && !(i > 0 && (p.is(i - 1, ".") || p.is(i - 1, "->")))) {
      p[i].rewrite("");
      continue;
    }
    if (!is_address_space(p[i].text)) continue;
    const bool needs_const = p.is(i, "constant") && !is_const_already(p, i);
    p[i].rewrite(needs_const ? "const" : "");
  }
}

}  // namespace klab::msl
