#include "null/reflection.h"

#include <algorithm>
#include <cstdlib>
#include <regex>

namespace klab {

namespace {

struct KnownType {
  const char* name;
  uint32_t bytes;
};

constexpr KnownType known_types[] = {{"bool", 1}, {"char", 1},  {"uchar", 1}, {"short", 2}, {"ushort", 2}, {"half", 2},   {"bfloat", 2}, {"int", 4},
                                     {"uint", 4}, {"float", 4}, {"long", 8},  {"ulong", 8}, {"half4", 8},  {"float2", 8}, {"float4", 16}};

uint32_t bytes_of(const std::string& type) {
  for (const KnownType& known : known_types) {
    if (type == known.name) return known.bytes;
  }
  return 0;
}

// Comments become blanks, so that lines keep their numbers.
std::string without_comments(std::string_view source) {
  std::string text(source);
  for (size_t i = 0; i + 1 < text.size(); i++) {
    if (text[i] != '/' || (text[i + 1] != '/' && text[i + 1] != '*')) continue;
    const char* const close = text[i + 1] == '/' ? "\n" : "*/";
    const size_t found = text.find(close, i + 2);
    const size_t end = found == std::string::npos ? text.size() : *close == '*' ? found + 2 : found;
    for (; i < end; i++) {
      if (text[i] != '\n') text[i] = ' ';
    }
  }
  return text;
}

// The parameters between the bracket at `open` and its partner, split at the commas of the outermost level.
std::vector<std::string> split_parameters(const std::string& text, size_t open) {
  std::vector<std::string> list;
  std::string current;
  int depth = 0;
  for (size_t i = open; i < text.size(); i++) {
    const char c = text[i];
    depth += (c == '(' || c == '[' || c == '<') - (c == ')' || c == ']' || c == '>');
    if (depth == 0) break;
    if (c == ',' && depth == 1) {
      list.push_back(current);
      current.clear();
    } else if (i != open) {
      current += c;
    }
  }
  list.push_back(current);
  return list;
}

bool read_binding(const std::string& text, Binding& binding) {
  static const std::regex attribute(R"(\[\[\s*(buffer|threadgroup|texture|sampler)\s*\(\s*(\d+)\s*\))");
  static const std::regex declarator(R"((\w+)\s*([*&])\s*(?:__restrict\s+)?(\w+)\s*\[\[)");
  std::smatch found, declared;
  if (!std::regex_search(text, found, attribute)) return false;
  const std::string kind = found[1];
  binding.index = static_cast<uint32_t>(std::strtoul(found[2].str().c_str(), nullptr, 10));
  const bool is_constant = std::regex_search(text, std::regex(R"(\bconstant\b)"));
  binding.kind = kind == "threadgroup" ? KLAB_BINDING_THREADGROUP : kind == "texture" ? KLAB_BINDING_TEXTURE
               : kind == "sampler" ? KLAB_BINDING_SAMPLER : is_constant ? KLAB_BINDING_CONSTANT : KLAB_BINDING_BUFFER;
  binding.access = is_constant || std::regex_search(text, std::regex(R"(\bconst\b)")) ? KLAB_ACCESS_READ : KLAB_ACCESS_READ_WRITE;
  binding.is_optional = text.find("function_constant") != std::string::npos;
  if (std::regex_search(text, declared, declarator)) {
    binding.type = declared[1];
    binding.is_pointer = declared[2] == "*";
    binding.name = declared[3];
  }
  binding.element_bytes = bytes_of(binding.type);
  return true;
}

}  // namespace

std::vector<Entry> read_entries(std::string_view source, const std::string& path) {
  static const std::regex kernel(R"((?:\bkernel|\[\[\s*kernel\s*\]\])\s+void\s+(\w+)\s*\()");
  const std::string text = without_comments(source);
  std::vector<Entry> entries;
  for (std::sregex_iterator match(text.begin(), text.end(), kernel), end; match != end; ++match) {
    Entry entry;
    entry.name = entry.function = (*match)[1];
    entry.file = path;
    entry.line = 1 + static_cast<uint32_t>(std::count(text.begin(), text.begin() + match->position(), '\n'));
    const size_t open = static_cast<size_t>(match->position() + match->length() - 1);
    for (const std::string& parameter : split_parameters(text, open)) {
      Binding binding;
      if (read_binding(parameter, binding)) entry.bindings.push_back(binding);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace klab
