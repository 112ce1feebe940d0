#include "json.h"

#include <algorithm>

namespace msl_conformance {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool document(Json& out) {
    if (!value(out)) return false;
    space();
    return at_ == text_.size() || fail("the end");
  }
  std::string error() const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    return "line " + std::to_string(line) + ": expected " + expected_;
  }

 private:
  bool fail(const char* expected) {
    expected_ = expected;
    return false;
  }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value(Json& out) {
    space();
    if (at_ >= text_.size()) return fail("a value");
    switch (text_[at_]) {
      case '{': return object(out);
      case '[': return array(out);
      case '"': out.kind = Json::Kind::string; return string(out.text);
      default: return word(out);
    }
  }
  bool string(std::string& out) {
    if (!take('"')) return fail("a string");
    const size_t end = text_.find_first_of("\"\\\n", at_);
    if (end == std::string_view::npos || text_[end] != '"') return fail("a string on one line without escapes");
    out = text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }
  bool word(Json& out) {
    const size_t end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    out.text = text_.substr(at_, end - at_);
    const bool is_boolean = out.text == "true" || out.text == "false";
    if (!is_boolean && (out.text.empty() || out.text.find_first_not_of("+-.0123456789eE") != std::string::npos)) return fail("a value");
    out.kind = is_boolean ? Json::Kind::boolean : Json::Kind::number;
    at_ = end;
    return true;
  }
  bool array(Json& out) {
    out.kind = Json::Kind::array;
    take('[');
    if (take(']')) return true;
    do {
      if (!value(out.items.emplace_back())) return false;
    } while (take(','));
    return take(']') || fail("',' or ']'");
  }
  bool object(Json& out) {
    out.kind = Json::Kind::object;
    take('{');
    if (take('}')) return true;
    do {
      auto& [key, item] = out.members.emplace_back();
      if (!string(key)) return false;
      if (!take(':')) return fail("':'");
      if (!value(item)) return false;
    } while (take(','));
    return take('}') || fail("',' or '}'");
  }

  std::string_view text_;
  size_t at_ = 0;
  const char* expected_ = "";
};

}  // namespace

const Json* Json::find(std::string_view key) const {
  for (const auto& [name, item] : members) {
    if (name == key) return &item;
  }
  return nullptr;
}

bool parse_json(std::string_view text, Json& out, std::string& error) {
  Parser parser(text);
  if (parser.document(out)) return true;
  error = parser.error();
  return false;
}

}  // namespace msl_conformance
