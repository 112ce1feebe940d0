#include "pointer_spaces.h"

#include <algorithm>
#include <array>

#include "syntax.h"

namespace klab::msl {
namespace {

bool is_one_of(std::string_view word, std::span<const std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

bool is_specifier(std::string_view word) {
  constexpr std::array<std::string_view, 10> words = {"const", "volatile", "static", "constexpr", "typename", "struct", "unsigned", "signed", "coherent", "restrict"};
  return is_one_of(word, words);
}

bool is_statement_word(std::string_view word) {
  constexpr std::array<std::string_view, 18> words = {"return", "else", "case", "goto", "using", "typedef", "if", "while", "for", "switch", "do", "break", "continue", "template", "default", "discard_fragment", "static_assert", "sizeof"};
  return is_one_of(word, words);
}

bool starts_statement(const Program& p, uint32_t i) {
  if (p.is(i - 1, ";") || p.is(i - 1, "{") || p.is(i - 1, "}") || p.in_attribute(i - 1) || p.is(i - 1, "else") || p.is(i - 1, "do")) return true;
  const auto is_head = [&](uint32_t open) { return open > 0 && (p.is(open - 1, "for") || p.is(open - 1, "if") || p.is(open - 1, "while") || p.is(open - 1, "switch")); };
  if (p.is(i - 1, "(")) return is_head(i - 1);
  return p.is(i - 1, ")") && p[i - 1].match > 0 && is_head(uint32_t(p[i - 1].match));
}

uint32_t end_of_statement(const Program& p, uint32_t i, uint32_t end) {
  while (i < end && !p.is(i, ";") && !p.is(i, ")") && !p.is(i, "}")) i = p.opens(i) ? p.close(i) + 1 : i + 1;
  return std::min(i, end);
}

}  // namespace

std::string_view space_name(AddressSpace space) {
  switch (space) {
    case AddressSpace::device: return "device";
    case AddressSpace::constant: return "constant";
    case AddressSpace::threadgroup: return "threadgroup";
    case AddressSpace::thread: return "thread";
    case AddressSpace::unnamed: break;
  }
  return "unknown";
}

AddressSpace pointee_space(const Program& p, uint32_t first, uint32_t last) {
  AddressSpace space = AddressSpace::unnamed;
  uint32_t levels = 0;
  for (uint32_t i = first; i < last; ++i) {
    if (p.in_attribute(i)) continue;
    if (p.is(i, "=")) break;
    if (p.is(i, "<")) i = skip_angles(p, i).value_or(i + 1) - 1;
    else if (p.is(i, "*") || p.is(i, "&")) ++levels;
    else if (p.is(i, "[")) ++levels, i = p.close(i);
    else if (is_address_space(p[i].text) && levels == 0) {
      if (space != AddressSpace::unnamed) return AddressSpace::unnamed;
      space = address_space(p[i].text);
    }
  }
  return levels == 1 ? space : AddressSpace::unnamed;
}

PointerSpaces::PointerSpaces(const Program& program, const Function& function) : p_(program) {
  if (function.open) add_parameters(function.open);
  for (uint32_t i = function.body_first + 1; i < function.body_last; ++i) {
    if (p_.is(i, "]") && p_.is(i + 1, "(") && !p_.in_attribute(i)) add_lambda_parameters(i + 1);
    if (!starts_statement(p_, i) || p_.in_attribute(i)) continue;
    if (p_[i].is_identifier() && p_.is(i + 1, "=")) add_assignment(i, function.body_last);
    else add_declaration(i, function.body_last);
  }
  for (const GlobalVariable& global : program.globals) {
    const bool is_array = std::any_of(program.stream.tokens.begin() + global.first, program.stream.tokens.begin() + global.last, [](const Token& token) { return token.is("["); });
    const bool is_constant = std::any_of(program.stream.tokens.begin() + global.first, program.stream.tokens.begin() + global.last, [](const Token& token) { return token.is("constant"); });
    if (is_constant && !variables_.contains(global.name)) variables_[global.name] = {AddressSpace::constant, false, is_array, true};
  }
}

void PointerSpaces::add(std::string_view name, const Variable& variable) {
  const auto [it, is_new] = variables_.emplace(name, variable);
  if (!is_new) it->second.is_known = false;
}

const PointerSpaces::Variable* PointerSpaces::find(uint32_t i) const {
  if (!p_.is_identifier(i)) return nullptr;
  const auto found = variables_.find(p_[i].text);
  return found != variables_.end() && found->second.is_known ? &found->second : nullptr;
}

void PointerSpaces::add_parameters(uint32_t open) {
  for (const auto& [first, last] : split_commas(p_, open + 1, p_.close(open))) {
    uint32_t name = last;
    bool is_pointer = false, is_array = false, is_reference = false;
    for (uint32_t i = first; i < last && !p_.is(i, "="); ++i) {
      if (p_.in_attribute(i)) continue;
      if (p_.is(i, "<")) i = skip_angles(p_, i).value_or(i + 1) - 1;
      else if (p_.is(i, "[")) is_array = true, i = p_.close(i);
      else if (p_.is(i, "*")) is_pointer = true;
      else if (p_.is(i, "&")) is_reference = true;
      else if (p_[i].is_identifier()) name = i;
    }
    if (name == last) continue;
    const AddressSpace space = pointee_space(p_, first, last);
    // What comes by value is in the thread's own memory, unless its type is a name for a pointer.
    const bool is_value = !is_pointer && !is_array && !is_reference;
    add(p_[name].text, {is_value ? AddressSpace::thread : space, is_pointer || is_array, false, is_value || space != AddressSpace::unnamed});
  }
}

void PointerSpaces::add_lambda_parameters(uint32_t open) {
  if (p_[open].match == none) return;
  for (uint32_t i = open + 1; i < p_.close(open); ++i) {
    if (p_[i].is_identifier()) add(p_[i].text, {.is_known = false});
  }
}

void PointerSpaces::add_declaration(uint32_t first, uint32_t end) {
  Type type;
  bool has_type = false;
  uint32_t i = first;
  for (; i < end; ++i) {
    if (p_.in_attribute(i)) continue;
    if (is_address_space(p_[i].text)) {
      type.space = address_space(p_[i].text);
      ++type.space_words;
    } else if (p_.is(i, "*") || p_.is(i, "&")) {
      break;
    } else if (p_.is(i, "(") && i > first && (p_.is(i - 1, "alignas") || p_.is(i - 1, "coherent") || p_.is(i - 1, "decltype"))) {
      has_type |= p_.is(i - 1, "decltype");
      i = p_.close(i);
    } else if (!p_[i].is_identifier() || is_statement_word(p_[i].text)) {
      return;
    } else if (!is_specifier(p_[i].text) && !p_.is(i, "alignas") && !p_.is(i, "decltype")) {
      if (has_type) break;
      while (p_.is(i + 1, "::") && p_.is_identifier(i + 2)) i += 2;
      has_type = true;
      type.is_auto = p_.is(i, "auto");
      if (p_.is(i + 1, "<")) {
        const auto after = skip_angles(p_, i + 1);
        if (!after) return;
        i = *after - 1;
        while (p_.is(i + 1, "::") && p_.is_identifier(i + 2)) i += 2;
      }
    }
  }
  if (!has_type) return;
  while (i < end) {
    const uint32_t next = add_declarator(i, end, type);
    if (!p_.is(next, ",")) return;
    i = next + 1;
  }
}

// `*name`, `name[4]`, `name = …`: the index of what follows.
uint32_t PointerSpaces::add_declarator(uint32_t i, uint32_t end, const Type& type) {
  uint32_t levels = 0;
  bool is_reference = false;
  for (; i < end && !(p_[i].is_identifier() && !is_specifier(p_[i].text) && !is_address_space(p_[i].text)); ++i) {
    if (p_.is(i, "*")) ++levels;
    else if (p_.is(i, "&")) is_reference = true;
    else if (!p_[i].is_identifier() && !p_.in_attribute(i)) return end;
  }
  const uint32_t name = i++;
  if (name >= end || !(p_.is(i, "=") || p_.is(i, ";") || p_.is(i, ",") || p_.is(i, "[") || p_.is(i, "{") || p_.is(i, "(") || p_.is(i, ":"))) return end;
  const bool is_array = p_.is(i, "[");
  while (p_.is(i, "[") && p_[i].match != none) i = p_.close(i) + 1;
  const uint32_t value = i + 1;
  const bool has_value = p_.is(i, "=");
  uint32_t last = i;
  while (last < end && !p_.is(last, ";") && !p_.is(last, ",") && !p_.is(last, ")")) {
    const auto after = p_.is(last, "<") ? skip_angles(p_, last) : std::nullopt;
    last = after ? *after : p_.opens(last) ? p_.close(last) + 1 : last + 1;
  }
  Variable variable{type.space, levels == 1, is_array, levels < 2 && type.space_words < 2 && !(is_array && levels)};
  if (levels == 0 && !is_reference && type.space == AddressSpace::unnamed) variable.space = AddressSpace::thread;
  if (type.is_auto && type.space == AddressSpace::unnamed) {
    variable = {has_value ? of(value, last) : AddressSpace::unnamed, true, false, false};
    variable.is_known = variable.space != AddressSpace::unnamed && !is_reference;
  } else if (levels == 1 && variable.is_known && has_value && type.space != AddressSpace::unnamed) {
    given_.push_back({name, value, last, type.space});
  }
  if (levels + is_reference > 0 && variable.space == AddressSpace::unnamed) variable.is_known = false;
  add(p_[name].text, variable);
  return last;
}

void PointerSpaces::add_assignment(uint32_t name, uint32_t end) {
  const Variable* variable = find(name);
  if (variable && variable->is_pointer && variable->space != AddressSpace::unnamed) given_.push_back({name, name + 2, end_of_statement(p_, name, end), variable->space});
}

bool PointerSpaces::is_sum(uint32_t first, uint32_t last) const {
  constexpr std::array<std::string_view, 9> allowed = {"+", "-", "*", "/", "%", "::", ".", "->", "~"};
  if (!p_.is(first, "+") && !p_.is(first, "-")) return false;
  for (uint32_t i = first; i < last; i = p_.opens(i) ? p_.close(i) + 1 : i + 1) {
    if (p_.opens(i) || p_[i].kind == TokenKind::number) continue;
    if (p_[i].is_identifier()) {
      const Variable* variable = find(i);
      const bool is_element = p_.is(i + 1, "[") || p_.is(i + 1, "->");
      // The difference of two pointers is a number.
      if (variable && (variable->is_pointer || variable->is_array) && !is_element) return false;
    } else if (!is_one_of(p_[i].text, allowed)) {
      return false;
    }
  }
  return true;
}

AddressSpace PointerSpaces::of_object(uint32_t first, uint32_t last) const {
  const Variable* variable = find(first);
  if (!variable) return AddressSpace::unnamed;
  uint32_t i = first + 1;
  if (i == last) return variable->is_pointer ? AddressSpace::thread : variable->space;
  if (p_.is(i, "[")) {
    i = p_.close(i) + 1;
    while (variable->is_array && p_.is(i, "[")) i = p_.close(i) + 1;
    const bool has_elements = variable->is_pointer || variable->is_array;
    return i == last && has_elements ? variable->space : AddressSpace::unnamed;
  }
  const bool is_member = (p_.is(i, "->") && variable->is_pointer) || (p_.is(i, ".") && !variable->is_pointer && !variable->is_array);
  return is_member && i + 2 == last ? variable->space : AddressSpace::unnamed;
}

AddressSpace PointerSpaces::of(uint32_t first, uint32_t last) const {
  while (first < last && p_.is(first, "(") && p_.close(first) == last - 1) ++first, --last;
  if (first >= last) return AddressSpace::unnamed;
  if (p_.is(first, "(")) {
    const uint32_t close = p_.close(first);
    return p_.is(close - 1, "*") && close + 1 < last ? pointee_space(p_, first + 1, close) : AddressSpace::unnamed;
  }
  if ((p_.is(first, "reinterpret_cast") || p_.is(first, "static_cast")) && p_.is(first + 1, "<")) {
    const auto after = skip_angles(p_, first + 1);
    return after && p_.is(*after, "(") && p_.close(*after) + 1 == last ? pointee_space(p_, first + 2, *after - 1) : AddressSpace::unnamed;
  }
  if (p_.is(first, "&")) return of_object(first + 1, last);
  const Variable* variable = find(first);
  if (!variable || (!variable->is_pointer && !variable->is_array)) return AddressSpace::unnamed;
  return first + 1 == last || is_sum(first + 1, last) ? variable->space : AddressSpace::unnamed;
}

}  // namespace klab::msl
