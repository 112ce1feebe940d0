// Writes one JSON document, in the order in which it is told.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "msl/kernel_abi.h"

namespace klab::analyse {

class Json {
 public:
  Json& begin_object(const char* name = nullptr) { return open(name, '{'); }
  Json& end_object() { return close('}'); }
  Json& begin_list(const char* name = nullptr) { return open(name, '['); }
  Json& end_list() { return close(']'); }

  template <class T>
  Json& number(const char* name, T value) {
    key(name);
    text_ += std::to_string(value);
    return *this;
  }
  Json& text(const char* name, std::string_view value) {
    key(name);
    quote(value);
    return *this;
  }
  Json& position(const char* name, klab_uint3 p) {
    key(name);
    text_ += "[" + std::to_string(p.x) + "," + std::to_string(p.y) + "," + std::to_string(p.z) + "]";
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  void key(const char* name) {
    if (!text_.empty() && text_.back() != '{' && text_.back() != '[') text_ += ',';
    if (!name) return;
    quote(name);
    text_ += ':';
  }
  Json& open(const char* name, char bracket) {
    key(name);
    text_ += bracket;
    return *this;
  }
  Json& close(char bracket) {
    text_ += bracket;
    return *this;
  }
  void quote(std::string_view value) {
    static const char* const digits = "0123456789abcdef";
    text_ += '"';
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (byte < 32) {
        text_ += "\\u00";
        text_ += digits[byte >> 4];
        text_ += digits[byte & 15];
      } else {
        text_ += c;
      }
    }
    text_ += '"';
  }
  std::string text_;
};

}  // namespace klab::analyse
