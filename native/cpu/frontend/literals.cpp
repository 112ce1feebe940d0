#include "literals.h"

#include <algorithm>
#include <array>

namespace klab::msl {
namespace {

bool is_float(std::string_view digits, bool is_hex) {
  return digits.find('.') != std::string_view::npos || digits.find_first_of(is_hex ? "pP" : "eE") != std::string_view::npos;
}

// Where the suffix starts: after the last character that belongs to the value.
size_t suffix_start(std::string_view number, bool is_hex) {
  const std::string_view suffix_letters = "fFhHuUlLbB";
  size_t end = number.size();
  const bool has_hex_digits_last = is_hex && number.find_first_of("pP.") == std::string_view::npos;
  const std::string_view letters = has_hex_digits_last ? std::string_view("uUlL") : suffix_letters;
  while (end > 1 && letters.find(number[end - 1]) != std::string_view::npos) --end;
  return end;
}

}  // namespace

std::string cpp_number(std::string_view number) {
  const bool is_hex = number.size() > 1 && number[0] == '0' && (number[1] == 'x' || number[1] == 'X');
  const size_t end = suffix_start(number, is_hex);
  const std::string digits(number.substr(0, end));
  const std::string_view suffix = number.substr(end);
  const bool has_fraction = is_float(digits, is_hex);
  const std::string single = has_fraction ? digits + "f" : digits + ".0f";
  if (suffix.empty() && has_fraction) return single;
  if (suffix == "h" || suffix == "H") return "((half)" + single + ")";
  if (suffix == "bf" || suffix == "BF") return "((bfloat)" + single + ")";
  return std::string(number);
}

void rewrite_literals(Program& p) {
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p[i].kind != TokenKind::number) continue;
    std::string spelled = cpp_number(p[i].text);
    if (spelled != p[i].text) p[i].rewrite(std::move(spelled));
  }
}

void rewrite_pragmas(Program& p) {
  for (Directive& directive : p.stream.directives) {
    if (directive.is_marker) continue;
    const std::string_view line = std::string_view(p.text).substr(directive.begin, directive.end - directive.begin);
    const size_t name = line.find_first_not_of("# \t");
    if (name == std::string_view::npos || line.substr(name, 6) != "pragma") continue;
    const size_t what = line.find_first_not_of(" \t", name + 6);
    if (what == std::string_view::npos) continue;
    const std::string_view rest = line.substr(what);
    if (rest.starts_with("unroll")) {
      // An argument that names a constant is accepted by Metal only, and the count changes speed alone.
      directive.out = "#pragma unroll";
    } else if (rest.starts_with("nounroll") || rest.starts_with("clang loop")) {
      directive.out = line;
    }
  }
}

void rewrite_newer_keywords(Program& p) {
  constexpr std::array<std::string_view, 8> newer = {"requires", "concept", "consteval", "constinit", "char8_t", "co_await", "co_return", "co_yield"};
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p[i].is_identifier() && std::find(newer.begin(), newer.end(), p[i].text) != newer.end()) p[i].rewrite(std::string(p[i].text) + "_");
  }
}

void rewrite_asserts(Program& p) {
  for (uint32_t i = 1; i + 1 < p.size(); ++i) {
    if (!p.is(i, "assert") || !p.is(i + 1, "(") || p[i - 1].is(".") || p[i - 1].is("->") || p[i + 1].match == none) continue;
    p.remove(i + 1, p.close(i + 1) + 1);
    p[i].rewrite("((void)0)");
  }
}

}  // namespace klab::msl
