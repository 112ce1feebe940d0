// Tokens of preprocessed MSL, and what the pre-pass makes of each.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace klab::msl {

enum class TokenKind : uint8_t { identifier, number, string, character, punctuation };

inline constexpr int32_t none = -1;

struct Token {
  TokenKind kind = TokenKind::punctuation;
  bool is_rewritten = false;  // `out` replaces `text`
  bool is_removed = false;    // emitted as nothing; `out` stays readable, for text that is copied elsewhere
  uint32_t begin = 0, end = 0;  // offsets in the preprocessed text
  int32_t match = none;         // the other bracket of a pair of () [] {}
  int32_t attribute = none;     // index of the [[…]] group that it is part of
  std::string_view text;
  std::string out;

  bool is(std::string_view what) const { return text == what; }
  bool is_identifier() const { return kind == TokenKind::identifier; }
  void rewrite(std::string with) {
    out = std::move(with);
    is_rewritten = true;
  }
  std::string_view emitted() const { return is_rewritten ? std::string_view(out) : text; }
};

// A line that starts with '#': a line marker or a pragma.
struct Directive {
  uint32_t begin = 0, end = 0;  // without the newline
  uint32_t next_token = 0;      // index of the first token after it
  bool is_marker = false;
  std::string out;  // what a pragma becomes; empty: nothing
};

struct TokenStream {
  std::vector<Token> tokens;
  std::vector<Directive> directives;
};

}  // namespace klab::msl
