// JSON without allocation, for signal handlers. Text that does not fit is dropped.
#pragma once
#include <cstddef>
#include <cstdint>

namespace klab::crash {

class SignalWriter {
 public:
  void text(const char* value) {
    while (*value) put(*value++);
  }

  void quoted(const char* value) {
    put('"');
    for (; *value; value++) {
      const auto byte = static_cast<unsigned char>(*value);
      if (byte == '"' || byte == '\\') put('\\');
      put(byte < 0x20 ? ' ' : *value);
    }
    put('"');
  }

  void hex(uint64_t value) {
    text("\"0x");
    bool has_begun = false;
    for (int shift = 60; shift >= 0; shift -= 4) {
      const unsigned digit = (value >> shift) & 15;
      has_begun |= digit != 0 || shift == 0;
      if (has_begun) put("0123456789abcdef"[digit]);
    }
    put('"');
  }

  void number(int64_t value) {
    if (value < 0) put('-');
    unsigned_number(value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value));
  }

  void unsigned_number(uint64_t value) {
    char digits[20];
    int count = 0;
    do {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value);
    while (count) put(digits[--count]);
  }

  void triple(const uint32_t (&value)[3]) {
    put('[');
    for (int i = 0; i < 3; i++) {
      if (i) put(',');
      unsigned_number(value[i]);
    }
    put(']');
  }

  const char* data() const { return buffer_; }
  size_t size() const { return size_; }

 private:
  void put(char c) {
    if (size_ < sizeof buffer_) buffer_[size_++] = c;
  }

  char buffer_[8192];
  size_t size_ = 0;
};

}  // namespace klab::crash
