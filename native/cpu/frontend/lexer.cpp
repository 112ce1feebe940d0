#include "lexer.h"

#include <algorithm>
#include <array>

namespace klab::msl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<std::string_view, 23> long_operators = {
    "<<=", "...", "->*", "::", "->", "<<", "<=", ">=", "==", "!=", "&&", "||",
    "++",  "--",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", ">>="};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  TokenStream run() {
    while (at_ < text_.size()) step();
    return std::move(stream_);
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      is_line_start_ = true;
      ++at_;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\0') {
      ++at_;
    } else if (c == '#' && is_line_start_) {
      directive();
    } else if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
      comment();
    } else {
      is_line_start_ = false;
      token(c);
    }
  }

  void directive() {
    const size_t begin = at_;
    at_ = std::min(text_.find('\n', at_), text_.size());
    Directive directive;
    directive.begin = uint32_t(begin);
    directive.end = uint32_t(at_);
    directive.next_token = uint32_t(stream_.tokens.size());
    size_t word = begin + 1;
    while (word < at_ && text_[word] == ' ') ++word;
    directive.is_marker = word < at_ && (is_digit(text_[word]) || text_.substr(word, 5) == "line ");
    stream_.directives.push_back(std::move(directive));
  }

  void comment() {
    if (peek(1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    const size_t close = text_.find("*/", at_ + 2);
    at_ = close == std::string_view::npos ? text_.size() : close + 2;
  }

  void token(char c) {
    const size_t begin = at_;
    TokenKind kind = TokenKind::punctuation;
    if (is_identifier_start(c)) {
      kind = TokenKind::identifier;
      while (is_identifier_part(peek())) ++at_;
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      kind = TokenKind::number;
      number();
    } else if (c == '"' || c == '\'') {
      kind = c == '"' ? TokenKind::string : TokenKind::character;
      quoted(c);
    } else {
      at_ += operator_length();
    }
    Token token;
    token.kind = kind;
    token.begin = uint32_t(begin);
    token.end = uint32_t(at_);
    token.text = text_.substr(begin, at_ - begin);
    stream_.tokens.push_back(std::move(token));
  }

  void number() {
    const bool is_hex = text_[at_] == '0' && (peek(1) == 'x' || peek(1) == 'X');
    while (at_ < text_.size()) {
      const char c = peek();
      const bool is_exponent = is_hex ? (c == 'p' || c == 'P') : (c == 'e' || c == 'E');
      if (is_exponent && (peek(1) == '+' || peek(1) == '-')) {
        at_ += 2;
      } else if (is_identifier_part(c) || c == '.' || (c == '\'' && is_identifier_part(peek(1)))) {
        ++at_;
      } else {
        break;
      }
    }
  }

  void quoted(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    if (peek() == quote) ++at_;
  }

  size_t operator_length() const {
    const std::string_view rest = text_.substr(at_, 3);
    for (const std::string_view op : long_operators) {
      if (rest.substr(0, op.size()) == op) return op.size();
    }
    return 1;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool is_line_start_ = true;
  TokenStream stream_;
};

}  // namespace

bool is_identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c & 0x80) != 0;
}

bool is_identifier_part(char c) { return is_identifier_start(c) || is_digit(c); }

TokenStream lex(std::string_view text) { return Lexer(text).run(); }

std::vector<uint32_t> match_brackets(std::vector<Token>& tokens) {
  std::vector<uint32_t> open, unmatched;
  for (uint32_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind != TokenKind::punctuation || token.text.size() != 1) continue;
    const char c = token.text[0];
    if (c == '(' || c == '[' || c == '{') {
      open.push_back(i);
    } else if (c == ')' || c == ']' || c == '}') {
      const char partner = c == ')' ? '(' : c == ']' ? '[' : '{';
      // A brace closes over forgotten parentheses: the damage stays inside its block.
      while (c == '}' && !open.empty() && tokens[open.back()].text[0] != '{') {
        unmatched.push_back(open.back());
        open.pop_back();
      }
      if (open.empty() || tokens[open.back()].text[0] != partner) {
        unmatched.push_back(i);
        continue;
      }
      tokens[i].match = int32_t(open.back());
      tokens[open.back()].match = int32_t(i);
      open.pop_back();
    }
  }
  unmatched.insert(unmatched.end(), open.begin(), open.end());
  std::sort(unmatched.begin(), unmatched.end());
  return unmatched;
}

}  // namespace klab::msl
