#include "cpu/analyse/ir_text.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstdlib>

namespace klab::analyse {

namespace {

constexpr std::string_view npos_text;

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool opens(char c) { return c == '<' || c == '[' || c == '{' || c == '('; }
bool closes(char c) { return c == '>' || c == ']' || c == '}' || c == ')'; }

// One past the bracket that matches the one at 0.
size_t matching(std::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); i++) {
    if (opens(text[i])) depth++;
    if (closes(text[i]) && --depth == 0) return i + 1;
  }
  return text.size();
}

uint64_t round_up(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

std::string_view until_comma(std::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); i++) {
    if (opens(text[i])) depth++;
    if (closes(text[i])) depth--;
    if (text[i] == ',' && depth == 0) return text.substr(0, i);
  }
  return text;
}

std::string_view leading_type(std::string_view text) {
  text = trim(text);
  if (text.empty()) return npos_text;
  if (opens(text[0])) return text.substr(0, matching(text));
  if (text[0] == '%' && text.size() > 1 && text[1] == '"') return text.substr(0, std::min(text.find('"', 2) + 1, text.size()));
  size_t end = 0;
  while (end < text.size() && text[end] != ' ' && text[end] != ',') end++;
  return text.substr(0, end);
}

void TypeSizes::define(std::string_view line) {
  const size_t at = line.find(" = type ");
  if (at != line.npos) named_[std::string(line.substr(0, at))] = std::string(trim(line.substr(at + 8)));
}

TypeSizes::Layout TypeSizes::aggregate(std::string_view fields, bool is_packed) const {
  Layout out;
  while (!(fields = trim(fields)).empty()) {
    const std::string_view field = until_comma(fields);
    const Layout one = layout(field);
    if (one.bytes == 0) return {};
    if (!is_packed) {
      out.alignment = std::max(out.alignment, one.alignment);
      out.bytes = round_up(out.bytes, one.alignment);
    }
    out.bytes += one.bytes;
    fields.remove_prefix(std::min(field.size() + 1, fields.size()));
  }
  out.bytes = round_up(out.bytes, out.alignment);
  return out;
}

TypeSizes::Layout TypeSizes::layout(std::string_view type) const {
  type = trim(type);
  if (type.empty()) return {};
  if (type == "half" || type == "bfloat") return {2, 2};
  if (type == "float") return {4, 4};
  if (type == "double" || type == "ptr") return {8, 8};
  if (type[0] == 'i' && type.size() > 1 && std::isdigit(static_cast<unsigned char>(type[1]))) {
    const uint64_t bytes = (std::strtoul(std::string(type.substr(1)).c_str(), nullptr, 10) + 7) / 8;
    const uint64_t stored = std::bit_ceil(bytes);
    return {stored, stored};
  }
  if (type[0] == '%') {
    const auto known = named_.find(std::string(type));
    return known == named_.end() ? Layout{} : layout(known->second);
  }
  if (type.starts_with("<{")) return aggregate(type.substr(2, type.size() - 4), true);
  if (type[0] == '{') return aggregate(type.substr(1, type.size() - 2), false);
  if (type[0] != '[' && type[0] != '<') return {};
  const size_t by = type.find(" x ");
  if (by == type.npos) return {};
  const uint64_t count = std::strtoull(std::string(type.substr(1, by - 1)).c_str(), nullptr, 10);
  const std::string_view element = type.substr(by + 3, type.size() - by - 4);
  const Layout one = layout(element);
  if (type[0] == '[') return {count * one.bytes, one.alignment};
  const uint64_t bytes = trim(element) == "i1" ? (count + 7) / 8 : count * one.bytes;
  return {bytes, std::bit_ceil(std::max<uint64_t>(bytes, 1))};
}

uint64_t TypeSizes::bytes(std::string_view type) const { return layout(type).bytes; }

bool read_instruction(std::string_view line, Instruction& out) {
  if (!line.starts_with("  ") || line.starts_with("    ")) return false;
  std::string_view text = trim(line);
  out = {};
  if (text.empty() || text[0] == ';' || text[0] == '#' || text[0] == ']') return false;
  if (text[0] == '%') {
    const size_t equals = text.find(" = ");
    if (equals == text.npos) return false;
    out.result = text.substr(0, equals);
    text.remove_prefix(equals + 3);
  }
  for (const std::string_view word : {"tail ", "musttail ", "notail "}) {
    if (text.starts_with(word)) text.remove_prefix(word.size());
  }
  const size_t end = std::min(text.find(' '), text.size());
  out.opcode = text.substr(0, end);
  out.rest = trim(text.substr(end));
  return true;
}

std::string_view skip_flags(std::string_view text) {
  constexpr std::string_view flags[] = {"reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "fast", "nuw", "nsw", "exact", "disjoint", "nneg", "samesign", "volatile", "weak", "atomic", "inbounds", "nusw"};
  for (;;) {
    text = trim(text);
    const std::string_view word = text.substr(0, std::min(text.find(' '), text.size()));
    if (std::find(std::begin(flags), std::end(flags), word) == std::end(flags)) return text;
    text.remove_prefix(word.size());
  }
}

size_t operand_end(std::string_view line, size_t at) { return std::min(line.find_first_of(", )", at), line.size()); }

}  // namespace klab::analyse
