// Strings across the C ABI.
#pragma once
#include <cstdarg>
#include <cstddef>
#include <string>
#include <string_view>

namespace klab {

// Copies into a fixed, NUL-terminated array; a text that is too long ends on a code point boundary.
void copy_text(char* destination, size_t capacity, std::string_view text);

template <size_t N>
void copy_text(char (&destination)[N], std::string_view text) {
  copy_text(destination, N, text);
}

__attribute__((format(printf, 1, 2))) std::string format(const char* pattern, ...);

// "1.5 GB (1572864000 bytes)".
std::string bytes_text(unsigned long long bytes);

// With the quotes.
std::string json_text(std::string_view text);

}  // namespace klab
