// The value of an index that is written as an expression, found by text: enough for binding indices.
#include <charconv>

#include "syntax.h"

namespace klab::msl {
namespace {

std::optional<int64_t> parse_literal(std::string_view text) {
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc()) return std::nullopt;
  const std::string_view suffix(end, size_t(text.data() + text.size() - end));
  if (suffix.find_first_not_of("uUlL") != std::string_view::npos) return std::nullopt;
  return value;
}

class Evaluation {
 public:
  explicit Evaluation(const Program& program) : p_(program) {}

  // Sum of products; parentheses around the whole only.
  std::optional<int64_t> expression(uint32_t first, uint32_t last, int depth) {
    while (last > first + 1 && p_.is(first, "(") && p_.close(first) + 1 == last) ++first, --last;
    int64_t sum = 0, product = 1, sign = 1;
    bool wants_value = true;
    for (uint32_t i = first; i < last; ++i) {
      if (wants_value) {
        const auto factor = value(i, last, depth);
        if (!factor || __builtin_mul_overflow(product, *factor, &product)) return std::nullopt;
        wants_value = false;
      } else if (p_.is(i, "*")) {
        wants_value = true;
      } else if (p_.is(i, "+") || p_.is(i, "-")) {
        if (__builtin_add_overflow(sum, sign * product, &sum)) return std::nullopt;
        product = 1;
        sign = p_.is(i, "+") ? 1 : -1;
        wants_value = true;
      } else {
        return std::nullopt;
      }
    }
    if (wants_value || __builtin_add_overflow(sum, sign * product, &sum)) return std::nullopt;
    return sum;
  }

 private:
  // Of the literal or name at i, which moves to the last token of a qualified name.
  std::optional<int64_t> value(uint32_t& i, uint32_t last, int depth) {
    std::optional<int64_t> found;
    if (p_[i].kind == TokenKind::number) found = parse_literal(p_[i].text);
    if (p_[i].is_identifier()) {
      while (p_.is(i + 1, "::") && i + 2 < last) i += 2;
      found = name(p_[i].text, depth);
    }
    if (!found || *found > (1 << 30) || *found < -(1 << 30)) return std::nullopt;
    return found;
  }

  // The literal that `name = 3` or an enumerator gives a name. Names may be defined by each other, in circles too.
  std::optional<int64_t> name(std::string_view name, int depth) {
    const auto places = p_.definitions.find(name);
    if (depth == 0 || places == p_.definitions.end()) return std::nullopt;
    for (const uint32_t i : places->second) {
      if (steps_left_-- <= 0) return std::nullopt;
      if (p_.is(i + 1, "=")) return initialiser(i + 2, depth - 1);
      if (const auto found = enumerator(i, depth - 1)) return found;
    }
    return std::nullopt;
  }

  std::optional<int64_t> initialiser(uint32_t first, int depth) {
    constexpr uint32_t max_tokens = 4;
    uint32_t end = first;
    while (end < p_.size() && end <= first + max_tokens && !p_.is(end, ";") && !p_.is(end, ",") && !p_.is(end, "}")) ++end;
    return end <= first + max_tokens ? expression(first, end, depth) : std::nullopt;
  }

  // Perhaps it counts on from the one before it.
  std::optional<int64_t> enumerator(uint32_t i, int depth) {
    if (p_.is(i - 1, ",") && i >= 2 && p_[i - 2].is_identifier()) {
      if (const auto before = name(p_[i - 2].text, depth)) return *before + 1;
    } else if (p_.is(i - 1, ",") && i >= 4 && p_.is(i - 3, "=") && p_[i - 2].kind == TokenKind::number) {
      if (const auto before = parse_literal(p_[i - 2].text); before && *before < (1 << 30)) return *before + 1;
    } else if (p_.is(i - 1, "{")) {
      for (uint32_t k = i; k-- > 0 && i - k < 6;) {
        if (p_.is(k, "enum")) return 0;
      }
    }
    return std::nullopt;
  }

  const Program& p_;
  int steps_left_ = 5000;  // each name costs one: `a = b + b`, `b = c + c`, … would double them
};

}  // namespace

void find_definitions(Program& p) {
  for (uint32_t i = 1; i + 1 < p.size(); ++i) {
    if (!p[i].is_identifier() || p[i - 1].is(".") || p[i - 1].is("->")) continue;
    if (p.is(i + 1, "=") || p.is(i + 1, ",") || p.is(i + 1, "}")) p.definitions[p[i].text].push_back(i);
  }
}

std::optional<int64_t> evaluate_integer(const Program& p, uint32_t first, uint32_t last) {
  constexpr int names_to_follow = 64;
  return Evaluation(p).expression(first, last, names_to_follow);
}

}  // namespace klab::msl
