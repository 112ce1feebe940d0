#include "core/text.h"

#include <cstdio>
#include <cstring>

namespace klab {

void copy_text(char* destination, size_t capacity, std::string_view text) {
  if (capacity == 0) return;
  size_t length = text.size() < capacity ? text.size() : capacity - 1;
  if (length < text.size()) {
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) length--;
  }
  std::memcpy(destination, text.data(), length);
  destination[length] = 0;
}

std::string format(const char* pattern, ...) {
  va_list list;
  va_start(list, pattern);
  va_list again;
  va_copy(again, list);
  const int length = std::vsnprintf(nullptr, 0, pattern, list);
  va_end(list);
  std::string text(length < 0 ? 0 : static_cast<size_t>(length), 0);
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  return text;
}

std::string bytes_text(unsigned long long bytes) {
  static const char* const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < sizeof units / sizeof *units) {
    value /= 1000;
    unit++;
  }
  if (unit == 0) return format("%llu bytes", bytes);
  return format("%.4g %s (%llu bytes)", value, units[unit], bytes);
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += format("\\u%04x", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace klab
