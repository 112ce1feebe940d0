#include "emit.h"

#include <algorithm>

namespace klab::msl {
namespace {

class Emitter {
 public:
  Emitter(const Program& program, const EmitOptions& options) : p_(program), options_(options) {
    out_.text.reserve(program.text.size() + program.text.size() / 4);
    if (!options.prologue.empty()) out_.append(options.prologue, 0);
  }

  CppText run() {
    for (uint32_t i = 0; i < p_.size(); ++i) {
      gap(i, p_[i].begin);
      token(i);
      at_ = p_[i].end;
    }
    gap(p_.size(), uint32_t(p_.text.size()));
    out_.text += '\n';
    return std::move(out_);
  }

 private:
  // White space, and the directives in it, up to the text's offset `end`.
  void gap(uint32_t next, uint32_t end) {
    while (directive_ < p_.stream.directives.size() && p_.stream.directives[directive_].begin < end) {
      const Directive& directive = p_.stream.directives[directive_++];
      white_space(directive.begin);
      const bool is_in_removed_code = next > 0 && next < p_.size() && p_[next - 1].is_removed && p_[next].is_removed;
      if (directive.is_marker) {
        if (options_.has_markers) out_.text += p_.text.substr(directive.begin, directive.end - directive.begin);
      } else if (!is_in_removed_code && !directive.out.empty()) {
        out_.append(directive.out, next);
      }
      at_ = directive.end;
    }
    white_space(end);
  }

  void white_space(uint32_t end) {
    for (; at_ < end; ++at_) {
      const char c = p_.text[at_];
      if (c == '\n' || c == ' ' || c == '\t') out_.text += c;
    }
  }

  void token(uint32_t i) {
    const Token& token = p_[i];
    const auto replacement = options_.replacements.find(i);
    if (token.is_removed) return;
    const std::string_view text = replacement != options_.replacements.end() ? std::string_view(replacement->second) : token.emitted();
    // Removed neighbours must not make one word of two.
    if (!text.empty() && !out_.text.empty() && (token.is_rewritten || is_after_removed_)) out_.text += ' ';
    out_.append(text, i);
    is_after_removed_ = token.is_rewritten;
  }

  const Program& p_;
  const EmitOptions& options_;
  CppText out_;
  size_t directive_ = 0;
  uint32_t at_ = 0;
  bool is_after_removed_ = false;
};

}  // namespace

void CppText::append(std::string_view code, uint32_t token) {
  segments.push_back({uint32_t(text.size()), token, uint32_t(code.size())});
  text += code;
}

Place CppText::place_at(uint32_t line, uint32_t column) const {
  size_t begin = 0;
  for (uint32_t i = 1; i < line; ++i) {
    const size_t newline = text.find('\n', begin);
    if (newline == std::string::npos) break;
    begin = newline + 1;
  }
  const auto offset = uint32_t(begin + (column ? column - 1 : 0));
  const auto after = std::upper_bound(segments.begin(), segments.end(), offset, [](uint32_t at, const Segment& segment) { return at < segment.begin; });
  if (after == segments.begin()) return {};
  const Segment& segment = *(after - 1);
  return {segment.token, offset >= segment.begin + segment.length};
}

CppText emit(const Program& program, const EmitOptions& options) { return Emitter(program, options).run(); }

}  // namespace klab::msl
