#include "loops.h"

#include <algorithm>
#include <array>

#include "syntax.h"

namespace klab::msl {
namespace {

bool is_operation_name(std::string_view name) {
  for (const std::string_view prefix : {"simd_", "quad_", "__metal_simd", "__metal_quad", "__metal_wait", "simdgroup_barrier", "simdgroup_multiply"}) {
    if (name.starts_with(prefix)) return true;
  }
  return name == "wait";  // simdgroup_event::wait
}

// What may part the lanes of a simdgroup.
bool is_fork(std::string_view word) {
  constexpr std::array<std::string_view, 13> forks = {"if", "for", "while", "do", "switch", "?", "&&", "||", "continue", "break", "return", "goto", "and"};
  return std::find(forks.begin(), forks.end(), word) != forks.end() || word == "or";
}

struct Body {
  std::string_view name;
  uint32_t first = 0, last = 0;
};

struct Loop {
  uint32_t first = 0;                         // `for`, `while` or `do`
  uint32_t header_first = 0, header_last = 0;  // the parentheses
  uint32_t body_first = 0, body_last = 0;     // the body's tokens, both included
  uint32_t last = 0;                          // the last token
  bool is_do = false;
};

class Counting {
 public:
  explicit Counting(Program& program) : p_(program) {}

  void run() {
    find_operations();
    if (!has_operation_) return;
    find_template_values();
    std::vector<Loop> found;
    for (const Function& function : p_.functions) {
      for (uint32_t i = function.body_first; i < function.body_last; ++i) {
        if (const auto loop = read_loop(i); loop && counts(*loop)) found.push_back(*loop);
      }
    }
    for (const Loop& loop : found) rewrite(loop);
  }

 private:
  bool is_library_operation(uint32_t i) const {
    return p_.is_identifier(i) && !p_.in_attribute(i) && is_operation_name(p_[i].text) && (p_.is(i + 1, "(") || p_.is(i + 1, "<"));
  }
  bool is_own_operation(uint32_t i) const { return p_.is_identifier(i) && !p_.in_attribute(i) && own_.contains(p_[i].text); }

  bool has_operation(uint32_t first, uint32_t last) const {
    for (uint32_t i = first; i < last && i < p_.size(); ++i) {
      if (is_library_operation(i) || is_own_operation(i)) return true;
    }
    return false;
  }

  // The functions and lambdas of the source in which lanes meet, by name.
  void find_operations() {
    for (uint32_t i = 0; i < p_.size() && !has_operation_; ++i) has_operation_ = is_library_operation(i);
    if (!has_operation_) return;
    std::vector<Body> bodies;
    for (const Function& function : p_.functions) bodies.push_back({function.name, function.body_first, function.body_last});
    const std::vector<Body> lambdas = find_lambdas();
    bodies.insert(bodies.end(), lambdas.begin(), lambdas.end());
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (const Body& body : bodies) {
        if (own_.contains(body.name) || !has_operation(body.first, body.last)) continue;
        has_changed = own_.insert(body.name).second;
      }
      has_changed |= add_callbacks(lambdas);
    }
    // Operators are called without their name.
    is_anywhere_ = own_.contains("operator");
  }

  // `[…](…) {…}`, whose name is that of the variable it is the value of, or "" when it has none.
  std::vector<Body> find_lambdas() const {
    std::vector<Body> lambdas;
    for (uint32_t i = 1; i < p_.size(); ++i) {
      if (!p_.is(i, "[") || p_.in_attribute(i) || p_[i].match == none || p_[i - 1].is_identifier() || p_.is(i - 1, ")") || p_.is(i - 1, "]")) continue;
      uint32_t brace = p_.close(i) + 1;
      if (p_.is(brace, "(")) brace = p_.close(brace) + 1;
      while (brace < p_.size() && !p_.is(brace, "{") && !p_.is(brace, ";") && !p_.is(brace, ")") && !p_.is(brace, ",")) ++brace;
      if (!p_.is(brace, "{")) continue;
      const bool is_named = i > 1 && p_.is(i - 1, "=") && p_[i - 2].is_identifier();
      lambdas.push_back({is_named ? p_[i - 2].text : std::string_view("[]"), brace, p_.close(brace)});
    }
    return lambdas;
  }

  // A template may be given any of the lambdas, or of the classes, and call its parameter.
  bool add_callbacks(const std::vector<Body>& lambdas) {
    const bool has_any = own_.contains("operator") || std::any_of(lambdas.begin(), lambdas.end(), [&](const Body& body) { return own_.contains(body.name); });
    bool has_changed = false;
    for (const Function& function : p_.functions) {
      if (!has_any || !function.is_in_template || function.open == 0) continue;
      for (uint32_t i = function.open + 1; i < p_.close(function.open); ++i) {
        if (p_.is_identifier(i) && (p_.is(i + 1, ",") || p_.is(i + 1, ")")) && is_called(p_[i].text, function)) has_changed |= own_.insert(p_[i].text).second;
      }
    }
    return has_changed;
  }

  bool is_called(std::string_view name, const Function& in) const {
    for (uint32_t i = in.body_first; i < in.body_last; ++i) {
      if (p_.is(i, name) && p_.is(i + 1, "(")) return true;
    }
    return false;
  }

  // The last token of the statement at i.
  uint32_t end_of(uint32_t i) const {
    while (p_.in_attribute(i)) ++i;
    if (i >= p_.size()) return p_.size() - 1;
    if (p_.is(i, "{")) return p_.close(i);
    if (p_.is(i, "if")) {
      uint32_t end = end_of(after_header(i));
      while (p_.is(end + 1, "else")) end = end_of(end + 2);
      return end;
    }
    if (p_.is(i, "for") || p_.is(i, "while") || p_.is(i, "switch")) return end_of(after_header(i));
    if (p_.is(i, "do")) i = end_of(i + 1) + 1;
    while (i < p_.size() && !p_.is(i, ";") && !p_.is(i, "}")) i = p_.opens(i) ? p_.close(i) + 1 : i + 1;
    return std::min(i, p_.size() - 1);
  }

  uint32_t after_header(uint32_t keyword) const {
    uint32_t open = keyword + 1;
    if (p_.is(open, "constexpr")) ++open;
    return p_.is(open, "(") ? p_.close(open) + 1 : open;
  }

  std::optional<Loop> read_loop(uint32_t i) {
    if (p_.in_attribute(i)) return std::nullopt;
    Loop loop;
    loop.first = i;
    loop.is_do = p_.is(i, "do");
    if (loop.is_do) {
      loop.body_first = i + 1;
      loop.body_last = end_of(i + 1);
      loop.header_first = loop.body_last + 2;
      if (!p_.is(loop.body_last + 1, "while") || !p_.is(loop.header_first, "(")) return std::nullopt;
      ends_of_do_.insert(loop.body_last + 1);
      loop.header_last = p_.close(loop.header_first);
      loop.last = loop.header_last + 1;
      return p_.is(loop.last, ";") ? std::optional(loop) : std::nullopt;
    }
    if ((!p_.is(i, "for") && !p_.is(i, "while")) || !p_.is(i + 1, "(") || ends_of_do_.contains(i)) return std::nullopt;
    loop.header_first = i + 1;
    loop.header_last = p_.close(i + 1);
    loop.body_first = loop.header_last + 1;
    loop.body_last = loop.last = end_of(loop.body_first);
    return loop;
  }

  bool counts(const Loop& loop) const {
    return is_anywhere_ || is_passed_by(loop.header_first, loop.header_last) || is_passed_by(loop.body_first, loop.body_last);
  }

  // Names of template parameters that name nothing else.
  void find_template_values() {
    std::vector<bool> is_header(p_.size(), false);
    for (uint32_t i = 0; i + 1 < p_.size(); ++i) {
      if (!p_.is(i, "template") || !p_.is(i + 1, "<")) continue;
      const uint32_t after = skip_template_headers(p_, i, p_.size());
      std::fill(is_header.begin() + i, is_header.begin() + std::max(i + 1, after), true);
      for (std::string& name : template_parameter_names(p_, i, after)) template_values_.insert(std::move(name));
    }
    for (uint32_t i = 1; i < p_.size(); ++i) {
      const bool is_declared = (p_[i - 1].is_identifier() && !p_.is(i - 1, "return")) || p_.is(i + 1, "=");
      if (is_declared && !is_header[i]) template_values_.erase(std::string(p_[i].text));
    }
  }

  // `for (int i = 0; i < N; i++)` without a way out: no lane leaves it before another.
  bool is_in_step(uint32_t i) const {
    const uint32_t open = i + 1;
    const bool is_plain = p_.is(i, "for") && p_.is(open, "(") && p_.is(open + 3, "=") && p_[open + 4].kind == TokenKind::number && p_.is(open + 5, ";");
    if (!is_plain || open + 9 >= p_.size() || !p_.is(open + 6, p_[open + 2].text) || !p_.is(open + 7, "<") || !p_.is(open + 9, ";")) return false;
    const std::string_view variable = p_[open + 2].text;
    if (p_[open + 8].kind != TokenKind::number && !template_values_.contains(std::string(p_[open + 8].text))) return false;
    const uint32_t close = p_.close(open);
    const bool is_counted = close == open + 12 && ((p_.is(open + 10, variable) && p_.is(open + 11, "++")) || (p_.is(open + 10, "++") && p_.is(open + 11, variable)));
    const uint32_t last = end_of(close + 1);
    for (uint32_t k = close + 1; k <= last; ++k) {
      if (p_.is(k, "break") || p_.is(k, "continue") || p_.is(k, "return") || p_.is(k, "goto")) return false;
      if (p_.is(k, variable) && (p_.is(k + 1, "=") || p_.is(k + 1, "+=") || p_.is(k + 1, "-=") || p_.is(k + 1, "++") || p_.is(k + 1, "--") || p_.is(k - 1, "++") || p_.is(k - 1, "--"))) return false;
    }
    return is_counted;
  }

  // Whether lanes may part before an operation.
  bool is_passed_by(uint32_t first, uint32_t last) const {
    bool has_fork = false;
    for (uint32_t i = first; i <= last && i < p_.size(); ++i) {
      has_fork |= !p_.in_attribute(i) && is_fork(p_[i].text) && !is_in_step(i);
      if (is_own_operation(i) || (has_fork && is_library_operation(i))) return true;
    }
    return false;
  }

  void rewrite(const Loop& loop) {
    put_before(loop.first, "{ KLAB_LOOP ");
    put_behind(loop.is_do ? loop.first : loop.header_last, loop.is_do ? " { KLAB_NEXT_ROUND" : " { KLAB_ROUND");
    put_behind(loop.body_last, " }");
    put_behind(loop.last, " }");
  }

  // A pragma stays next to its loop.
  void put_before(uint32_t i, const std::string& code) {
    for (Directive& directive : p_.stream.directives) {
      constexpr std::string_view keyword = "pragma";
      const size_t at = directive.out.find(keyword);
      if (directive.next_token != i || directive.is_marker || at == std::string::npos) continue;
      const size_t what = directive.out.find_first_not_of(" \t", at + keyword.size());
      directive.out = code + "_Pragma(\"" + directive.out.substr(what) + "\")";
      return;
    }
    p_[i].rewrite(code + std::string(p_[i].emitted()));
  }

  void put_behind(uint32_t i, const std::string& code) {
    const std::string before(p_[i].is_removed ? std::string_view() : p_[i].emitted());
    p_[i].is_removed = false;
    p_[i].rewrite(before + code);
  }

  Program& p_;
  std::set<std::string_view> own_;
  std::set<std::string> template_values_;
  std::set<uint32_t> ends_of_do_;  // `while` at the end of a do
  bool has_operation_ = false, is_anywhere_ = false;
};

}  // namespace

void count_rounds(Program& program) {
  if (program.unmatched.empty()) Counting(program).run();
}

}  // namespace klab::msl
