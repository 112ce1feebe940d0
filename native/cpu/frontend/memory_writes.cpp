#include "memory_writes.h"

#include <algorithm>
#include <array>

#include "syntax.h"

namespace klab::msl {
namespace {

bool is_shared_space(const Program& p, uint32_t i) { return (p.is(i, "device") || p.is(i, "threadgroup")) && !p.in_attribute(i); }

bool is_any_of(const Program& p, uint32_t i, std::initializer_list<std::string_view> texts) {
  return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return p.is(i, text); });
}

// `device const float* a, * b;`: what stands after the address space at `i`, up to the end of the declaration.
void read_shared_declaration(const Program& p, uint32_t i, MemoryNames& names) {
  bool is_pointer = false;
  std::string_view name;
  for (++i; i < p.size(); ++i) {
    if (p.in_attribute(i)) continue;
    if (is_any_of(p, i, {"*"})) is_pointer = true;
    else if (p[i].is_identifier()) name = p[i].text;
    else if (p.is(i, "<")) i = skip_angles(p, i).value_or(i + 1) - 1;
    const bool ends = is_any_of(p, i + 1, {";", ",", ")", "=", "[", "{", "(", ":"});
    if (!ends || p.in_attribute(i + 1)) continue;
    if (!name.empty()) (is_pointer ? names.pointers : names.objects).insert(name);
    // In a list of parameters what follows the comma is another declaration, which only makes this stricter.
    if (!p.is(i + 1, ",") && !p.is(i + 1, "[")) return;
    if (p.is(i + 1, "[")) i = p.close(i + 1) - 1;
    if (is_any_of(p, i + 2, {";", ")", "=", "{"})) return;
  }
}

// `T a[4], b[2][2];` with `i` at one of the names.
bool declares_array(const Program& p, uint32_t i) {
  if (!p.is_identifier(i) || !p.is(i + 1, "[") || i == 0) return false;
  while (p.is(i - 1, ",")) {
    uint32_t k = i - 2;
    while (k > 0 && p.is(k, "]") && p[k].match >= 0) k = uint32_t(p[k].match) - 1;
    if (k == 0 || !p.is_identifier(k)) return false;
    i = k;
  }
  const bool is_statement = is_any_of(p, i - 1, {"return", "else", "do", "case", "goto"});
  return (p.is_identifier(i - 1) && !is_statement) || p.is(i - 1, ">");
}

bool is_assignment(const Program& p, uint32_t i) {
  return is_any_of(p, i, {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--"});
}

// Whether the expression that ends before token `end` may be memory when it is assigned to.
bool is_memory(const Program& p, const MemoryNames& names, uint32_t end) {
  bool is_subscripted = false, is_member = false;
  uint32_t i = end - 1;
  for (;;) {
    if (p.is(i, "]") && p[i].match > 0) {
      is_subscripted = true;
      i = uint32_t(p[i].match) - 1;
    } else if (p.is_identifier(i) && i > 0 && p.is(i - 1, ".")) {
      is_member = true;
      i -= 2;
    } else {
      break;
    }
  }
  if (is_any_of(p, i, {"[", "(", ",", "operator", ">"})) return false;  // a lambda's capture, an operator's name, a default
  if (!p.is_identifier(i) || p.is(i - 1, "->")) return true;
  const std::string_view base = p[i].text;
  const bool follows_star = i > 1 && p.is(i - 1, "*");
  const bool is_declaration = follows_star && (p.is_identifier(i - 2) || is_any_of(p, i - 2, {">", "*"}));
  if (follows_star && !is_declaration) return true;
  if (names.objects.contains(base)) return true;
  if (is_subscripted) return names.pointers.contains(base) || !names.arrays.contains(base);
  return is_member && names.pointers.contains(base);
}

// `++a[i]`: anything but a plain name after the operator is taken for memory.
bool is_prefix_on_memory(const Program& p, const MemoryNames& names, uint32_t op) {
  if (!is_any_of(p, op, {"++", "--"})) return false;
  const bool is_postfix = op > 0 && (p.is_identifier(op - 1) || p.is(op - 1, "]") || p.is(op - 1, ")"));
  if (is_postfix && !is_any_of(p, op - 1, {"return", "else"})) return false;
  if (!p.is_identifier(op + 1) || is_any_of(p, op + 2, {"[", ".", "->"})) return true;
  return names.objects.contains(p[op + 1].text);
}

}  // namespace

MemoryNames memory_names(const Program& p) {
  MemoryNames names;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p.in_attribute(i)) continue;
    if (is_shared_space(p, i)) read_shared_declaration(p, i, names);
    if (declares_array(p, i)) names.arrays.insert(p[i].text);
    // References without an address space, and what auto hides.
    const bool is_reference = is_any_of(p, i, {"&", "&&"}) && p.is_identifier(i + 1);
    bool is_private = false;
    for (uint32_t k = i; is_reference && k-- > 0 && !is_any_of(p, k, {"(", ",", ";", "{", "}"});) is_private |= p.is(k, "thread");
    if (is_reference && !is_private) names.objects.insert(p[i + 1].text);
    if (p.is(i, "auto") && p.is_identifier(i + 1)) names.pointers.insert(p[i + 1].text);
    if (p.is(i, "auto") && p.is(i + 1, "*") && p.is_identifier(i + 2)) names.pointers.insert(p[i + 2].text);
  }
  return names;
}

std::optional<uint32_t> find_memory_write(const Program& p, const MemoryNames& names, uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last && i < p.size(); ++i) {
    if (p.in_attribute(i) || !is_assignment(p, i) || i == 0) continue;
    if (is_prefix_on_memory(p, names, i)) return i;
    const bool is_prefix = is_any_of(p, i, {"++", "--"}) && !p.is_identifier(i - 1) && !p.is(i - 1, "]") && !p.is(i - 1, ")");
    if (!is_prefix && is_memory(p, names, i)) return i;
  }
  return std::nullopt;
}

}  // namespace klab::msl
