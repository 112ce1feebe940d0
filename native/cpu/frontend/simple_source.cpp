#include "simple_source.h"

#include <algorithm>
#include <map>
#include <vector>

#include "lexer.h"

namespace klab::msl {
namespace {

using Words = std::vector<std::string_view>;

// Line splices, digraphs, byte order marks and raw bytes are a real preprocessor's business.
bool has_oddities(std::string_view source) {
  for (const std::string_view odd : {"\\\n", "\\\r", "<:", "<%", "%:", "??", "R\"", "\xef\xbb\xbf"}) {
    if (source.find(odd) != std::string_view::npos) return true;
  }
  if (source.find('\0') != std::string_view::npos) return true;
  const size_t comment = source.rfind("/*");
  return comment != std::string_view::npos && source.find("*/", comment + 2) == std::string_view::npos;
}

bool is_whole(const Token& token) {
  const bool is_quoted = token.kind == TokenKind::string || token.kind == TokenKind::character;
  return !is_quoted || (token.text.size() > 1 && token.text.back() == token.text.front());
}

// Predefined names and operators of the preprocessor start with an underscore.
bool needs_a_compiler(const Token& token) {
  return !is_whole(token) || token.is("_Pragma") || (token.text.starts_with("__") && !token.is("__attribute__"));
}

class Expander {
 public:
  Expander(std::string_view source, const std::function<bool(std::string_view)>& is_metal_header)
      : source_(source), stream_(lex(source)), is_metal_header_(is_metal_header) {}

  std::optional<std::string> run(std::string_view path) {
    std::string quoted_path;
    for (const char c : path) {
      if (c == '"' || c == '\\') quoted_path += '\\';
      quoted_path += c;
    }
    out_ = "# 1 \"" + quoted_path + "\"\n";
    for (uint32_t i = 0; i < stream_.tokens.size(); ++i) {
      const Token& token = stream_.tokens[i];
      if (needs_a_compiler(token) || !gap(token.begin)) return std::nullopt;
      emit(token);
      if (steps_left_ <= 0) return std::nullopt;
      at_ = token.end;
    }
    if (!gap(source_.size())) return std::nullopt;
    return std::move(out_);
  }

 private:
  void emit(const Token& token) {
    if (!token.is_identifier() || !macros_.contains(token.text)) {
      out_ += token.text;
      return;
    }
    Words hidden;
    out_ += ' ';
    expand(token.text, hidden);
  }

  void expand(std::string_view word, Words& hidden) {
    const auto macro = macros_.find(word);
    const bool is_hidden = std::find(hidden.begin(), hidden.end(), word) != hidden.end();
    if (--steps_left_ <= 0 || hidden.size() > max_depth) {
      steps_left_ = 0;
      return;
    }
    if (macro == macros_.end() || is_hidden) {
      out_ += word;
      out_ += ' ';
      return;
    }
    hidden.push_back(word);
    for (const std::string_view part : macro->second) expand(part, hidden);
    hidden.pop_back();
  }

  // White space up to `end`, and the directives in it.
  bool gap(size_t end) {
    while (directive_ < stream_.directives.size() && stream_.directives[directive_].begin < end) {
      const Directive& directive = stream_.directives[directive_++];
      white_space(directive.begin);
      if (!read(source_.substr(directive.begin, directive.end - directive.begin))) return false;
      at_ = directive.end;
    }
    white_space(end);
    return true;
  }

  void white_space(size_t end) {
    bool is_space = false;
    for (; at_ < end; ++at_) {
      if (source_[at_] == '\n') out_ += '\n';
      is_space |= source_[at_] != '\n';
    }
    if (is_space) out_ += ' ';
  }

  bool read(std::string_view line) {
    if (line.find("/*") != std::string_view::npos) return false;  // may go on in the next line
    const TokenStream words = lex(line.substr(1));
    const std::vector<Token>& tokens = words.tokens;
    if (tokens.empty()) return true;
    if (std::any_of(tokens.begin(), tokens.end(), needs_a_compiler)) return false;
    if (tokens[0].is("pragma")) {
      out_ += line;
      return tokens.size() < 2 || !tokens[1].is("once");
    }
    if (tokens[0].is("include")) return is_metal_include(line);
    return tokens[0].is("define") && define(line.substr(1), tokens);
  }

  bool is_metal_include(std::string_view line) const {
    const size_t open = line.find('<'), close = line.find('>');
    return open != std::string_view::npos && close != std::string_view::npos && close > open && is_metal_header_(line.substr(open + 1, close - open - 1));
  }

  bool define(std::string_view line, const std::vector<Token>& tokens) {
    if (tokens.size() < 2 || !tokens[1].is_identifier() || tokens[1].is("defined")) return false;
    const bool has_parameters = tokens[1].end < line.size() && line[tokens[1].end] == '(';
    Words body;
    for (size_t i = 2; i < tokens.size(); ++i) {
      if (tokens[i].is("#")) return false;
      body.push_back(tokens[i].text);
    }
    return !has_parameters && macros_.emplace(tokens[1].text, std::move(body)).second;
  }

  // A few macros that name each other twice make gigabytes: those are left to a process that can be ended.
  static constexpr size_t max_depth = 100;
  int64_t steps_left_ = 1'000'000;
  std::string_view source_;
  TokenStream stream_;
  const std::function<bool(std::string_view)>& is_metal_header_;
  std::map<std::string_view, Words> macros_;
  std::string out_;
  size_t directive_ = 0, at_ = 0;
};

}  // namespace

std::optional<std::string> preprocess_simply(std::string_view source, std::string_view path, const std::function<bool(std::string_view)>& is_metal_header) {
  if (has_oddities(source) || path.find('\n') != std::string_view::npos) return std::nullopt;
  return Expander(source, is_metal_header).run(path);
}

}  // namespace klab::msl
