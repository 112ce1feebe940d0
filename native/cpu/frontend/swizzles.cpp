#include "swizzles.h"

namespace klab::msl {
namespace {

bool is_from(std::string_view word, std::string_view letters) { return word.find_first_not_of(letters) == std::string_view::npos; }

std::string as_xyzw(std::string_view word) {
  std::string out;
  for (const char c : word) out += c == 'r' ? 'x' : c == 'g' ? 'y' : c == 'b' ? 'z' : c == 'a' ? 'w' : c;
  return out;
}

bool is_assignment(const Program& p, uint32_t i) {
  for (const std::string_view op : {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--"}) {
    if (p.is(i, op)) return true;
  }
  return p.is(i, ">") && p.is(i + 1, ">=") && p[i].end == p[i + 1].begin;  // >>= comes apart
}

}  // namespace

void rewrite_swizzles(Program& p) {
  for (uint32_t i = 1; i < p.size(); ++i) {
    Token& token = p[i];
    if (!token.is_identifier() || token.text.size() > 4 || token.is_rewritten) continue;
    if (!p.is(i - 1, ".") && !p.is(i - 1, "->")) continue;
    const bool is_colour = is_from(token.text, "rgba");
    if ((!is_colour && !is_from(token.text, "xyzw")) || p.members.contains(token.text) || p.is(i + 1, "(")) continue;
    const std::string name = is_colour ? as_xyzw(token.text) : std::string(token.text);
    if (name.size() == 1) {
      if (is_colour) token.rewrite(name);
    } else {
      token.rewrite(name + (is_assignment(p, i + 1) ? "_l()" : "()"));
    }
  }
}

}  // namespace klab::msl
