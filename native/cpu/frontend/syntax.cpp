#include "syntax.h"

#include <array>
#include <algorithm>

namespace klab::msl {
namespace {

constexpr std::array<std::string_view, 12> not_function_names = {
    "decltype", "alignas", "__attribute__", "noexcept", "requires", "sizeof", "explicit", "static_assert", "if", "while", "for", "return"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// `sizeof(T) < 8`, `4 < N`, `N < 8 && …`: no template argument list starts here.
bool is_comparison(const Program& p, uint32_t less) {
  if (less == 0 || !p[less - 1].is_identifier()) return true;
  const bool number_follows = less + 1 < p.size() && p[less + 1].kind == TokenKind::number;
  return number_follows && (p.is(less + 2, "&&") || p.is(less + 2, "||") || p.is(less + 2, ")"));
}

bool is_greater_than(const Program& p, uint32_t i) {
  return i > 0 && p[i - 1].is(")") && i + 1 < p.size() && p[i + 1].kind == TokenKind::number;
}

}  // namespace

std::optional<uint32_t> skip_angles(const Program& p, uint32_t open) {
  constexpr uint32_t max_tokens = 20000;  // no argument list is longer; broken sources stay linear
  uint32_t depth = 0;
  for (uint32_t i = open; i < p.size() && i - open < max_tokens; ++i) {
    if (p.opens(i)) {
      if (p[i].match == none) return std::nullopt;
      i = p.close(i);
    } else if (p.is(i, "<")) {
      if (i == open || !is_comparison(p, i)) ++depth;
    } else if (p.is(i, ">")) {
      if (is_greater_than(p, i)) continue;
      if (--depth == 0) return i + 1;
    } else if (p.is(i, ";") || p.is(i, "}") || p.is(i, ")") || p.is(i, "]")) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

uint32_t skip_template_headers(const Program& p, uint32_t first, uint32_t last) {
  uint32_t i = first;
  while (i < last) {
    if (p.in_attribute(i)) {
      ++i;
      continue;
    }
    if (!p.is(i, "template") || !p.is(i + 1, "<")) break;
    const auto after = skip_angles(p, i + 1);
    if (!after || *after > last) break;
    i = *after;
  }
  return i;
}

std::vector<std::string> template_parameter_names(const Program& p, uint32_t first, uint32_t last) {
  std::vector<std::string> names;
  for (uint32_t i = first; i < last; ++i) {
    if (!p.is(i, "template") || !p.is(i + 1, "<")) continue;
    const auto after = skip_angles(p, i + 1);
    if (!after) break;
    for (const auto& [begin, end] : split_commas(p, i + 2, *after - 1)) {
      std::string name;
      for (uint32_t k = begin; k < end && !p.is(k, "="); ++k) {
        if (p.is(k, "<")) {
          if (const auto skipped = skip_angles(p, k)) k = *skipped - 1;
        } else if (p.opens(k)) {
          k = p.close(k);
        } else if (p[k].is_identifier()) {
          name = p[k].text;
        }
      }
      names.push_back(name);
    }
    i = *after - 1;
  }
  return names;
}

std::optional<FunctionHead> find_function(const Program& p, uint32_t first, uint32_t last) {
  uint32_t i = skip_template_headers(p, first, last);
  if (p.is(i, "using") || p.is(i, "typedef") || p.is(i, "static_assert")) return std::nullopt;
  uint32_t chain = i;
  while (i < last) {
    if (p.in_attribute(i)) {
      ++i;
    } else if (p.is(i, "operator")) {
      FunctionHead head{(i > 0 && p.is(i - 1, "::")) ? chain : i, i, i + 1};
      if (p.is(i + 1, "(") && p.is(i + 2, ")")) head.open = i + 3;
      while (head.open < last && !p.is(head.open, "(")) ++head.open;
      return head.open < last ? std::optional(head) : std::nullopt;
    } else if (p[i].is_identifier()) {
      const bool is_qualified = i > 0 && (p.is(i - 1, "::") || p.is(i - 1, "~"));
      if (!is_qualified) chain = i;
      uint32_t next = i + 1;
      if (p.is(next, "<")) {
        if (const auto after = skip_angles(p, next)) next = *after;
      }
      if (p.is(next, "(") && next < last && !is_one_of(p[i].text, not_function_names)) return FunctionHead{chain, i, next};
      i = next;
    } else if (p.is(i, "=")) {
      return std::nullopt;
    } else if (p.opens(i)) {
      i = p.close(i) + 1;
    } else {
      ++i;
    }
  }
  return std::nullopt;
}

std::vector<std::pair<uint32_t, uint32_t>> split_commas(const Program& p, uint32_t first, uint32_t last) {
  std::vector<std::pair<uint32_t, uint32_t>> parts;
  uint32_t begin = first, i = first;
  while (i < last) {
    if (p.opens(i)) {
      i = p.close(i) + 1;
    } else if (p.is(i, "<") && !is_comparison(p, i)) {
      const auto after = skip_angles(p, i);
      i = after && *after <= last ? *after : i + 1;
    } else if (p.is(i, ",")) {
      if (i > begin) parts.emplace_back(begin, i);
      begin = ++i;
    } else {
      ++i;
    }
  }
  if (last > begin) parts.emplace_back(begin, last);
  return parts;
}

bool closes_angles(const Program& p, uint32_t i) {
  if (!p.is(i, ">")) return false;
  for (uint32_t k = i; k-- > 0 && !p.is(k, ";") && !p.is(k, "{") && !p.is(k, "}");) {
    if (p.is(k, "<") && skip_angles(p, k) == i + 1) return true;
  }
  return false;
}

uint32_t called_at(const Program& p, uint32_t i) {
  if (p.is(i + 1, "(")) return i + 1;
  const auto after = p.is(i + 1, "<") ? skip_angles(p, i + 1) : std::nullopt;
  return after && p.is(*after, "(") ? *after : 0;
}

uint32_t after_header(const Program& p, uint32_t keyword) {
  uint32_t open = keyword + 1;
  if (p.is(open, "constexpr")) ++open;
  return p.is(open, "(") ? p.close(open) + 1 : open;
}

uint32_t end_of_statement(const Program& p, uint32_t i) {
  while (p.in_attribute(i)) ++i;
  if (i >= p.size()) return p.size() - 1;
  if (p.is(i, "{")) return p.close(i);
  if (p.is(i, "if")) {
    uint32_t end = end_of_statement(p, after_header(p, i));
    while (p.is(end + 1, "else")) end = end_of_statement(p, end + 2);
    return end;
  }
  if (p.is(i, "for") || p.is(i, "while") || p.is(i, "switch")) return end_of_statement(p, after_header(p, i));
  if (p.is(i, "do")) i = end_of_statement(p, i + 1) + 1;
  while (i < p.size() && !p.is(i, ";") && !p.is(i, "}")) i = p.opens(i) ? p.close(i) + 1 : i + 1;
  return std::min(i, p.size() - 1);
}

}  // namespace klab::msl
