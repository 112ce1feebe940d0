#include "program.h"

#include "lexer.h"

namespace klab::msl {
namespace {

// Joins token texts with a space only where two words would grow together, and after a comma.
void append_word(std::string& out, std::string_view word) {
  if (word.empty()) return;
  const char before = out.empty() ? '\0' : out.back();
  const bool words_touch = is_identifier_part(before) && is_identifier_part(word.front());
  if (words_touch || before == ',') out += ' ';
  out += word;
}

}  // namespace

bool is_address_space(std::string_view word) {
  return address_space(word) != AddressSpace::unnamed || word == "ray_data" || word == "object_data" ||
         word == "threadgroup_imageblock";
}

AddressSpace address_space(std::string_view word) {
  if (word == "device") return AddressSpace::device;
  if (word == "constant") return AddressSpace::constant;
  if (word == "threadgroup") return AddressSpace::threadgroup;
  if (word == "thread") return AddressSpace::thread;
  return AddressSpace::unnamed;
}

std::string Program::written(uint32_t first, uint32_t last) const {
  std::string out;
  for (uint32_t i = first; i < last && i < size(); ++i) {
    if (!in_attribute(i)) append_word(out, (*this)[i].text);
  }
  return out;
}

std::string Program::raw(uint32_t first, uint32_t last) const {
  if (first >= last || last > size()) return "";
  return text.substr((*this)[first].begin, (*this)[last - 1].end - (*this)[first].begin);
}

std::string Program::rewritten(uint32_t first, uint32_t last) const {
  std::string out;
  for (uint32_t i = first; i < last && i < size(); ++i) {
    if (in_attribute(i)) continue;
    if (!out.empty()) out += ' ';
    out += (*this)[i].emitted();
  }
  return out;
}

std::vector<const AttributeGroup*> Program::groups(uint32_t first, uint32_t last) const {
  std::vector<const AttributeGroup*> found;
  for (uint32_t i = first; i < last && i < size(); ++i) {
    if (!in_attribute(i)) continue;
    const AttributeGroup& group = attributes[size_t((*this)[i].attribute)];
    found.push_back(&group);
    i = group.last;
  }
  return found;
}

const Attribute* Program::find_attribute(std::string_view name, uint32_t first, uint32_t last) const {
  for (const AttributeGroup* group : groups(first, last)) {
    for (const Attribute& attribute : group->attributes) {
      if (attribute.name == name) return &attribute;
    }
  }
  return nullptr;
}

std::string Program::string_literal(uint32_t first, uint32_t last) const {
  std::string out;
  for (uint32_t i = first; i < last && i < size(); ++i) {
    const Token& token = (*this)[i];
    if (token.kind != TokenKind::string || token.text.size() < 2) continue;
    const std::string_view body = token.text.substr(1, token.text.size() - 2);
    for (size_t k = 0; k < body.size(); ++k) {
      if (body[k] == '\\' && k + 1 < body.size()) ++k;
      out += body[k];
    }
  }
  return out;
}

}  // namespace klab::msl
