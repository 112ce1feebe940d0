#include "loops.h"

#include <algorithm>

#include "lane_values.h"
#include "lane_words.h"
#include "syntax.h"

namespace klab::msl {
namespace {

bool is_operation_name(std::string_view name) {
  return (is_lane_operation_name(name) && !name.starts_with("simdgroup_load") && !name.starts_with("simdgroup_store")) || name == "wait";  // simdgroup_event::wait
}

struct Body {
  std::string_view name;
  uint32_t first = 0, last = 0;
};

// A loop or switch, which `break` leaves.
struct Around {
  uint32_t first = 0, last = 0;
  bool is_switch = false;
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
    values_.emplace(p_);
    find_forks();
    find_parting();
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
    for (const Function& function : p_.functions) bodies_.push_back({function.name, function.body_first, function.body_last});
    const std::vector<Body> lambdas = find_lambdas();
    bodies_.insert(bodies_.end(), lambdas.begin(), lambdas.end());
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (const Body& body : bodies_) {
        if (own_.contains(body.name) || !has_operation(body.first, body.last)) continue;
        has_changed = own_.insert(body.name).second;
      }
      has_changed |= add_callbacks(lambdas);
    }
    // Operators are called without their name.
    is_anywhere_ = own_.contains("operator");
  }

  void find_parting() {
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (const Body& body : bodies_) {
        if (parting_.contains(body.name) || !own_.contains(body.name) || !is_passed_by(body.first, body.last)) continue;
        has_changed = parting_.insert(body.name).second;
      }
    }
  }

  void find_forks() {
    forks_.assign(p_.size(), false);
    for (const Function& function : p_.functions) {
      for (uint32_t i = function.body_first; i < function.body_last; ++i) {
        if (is_any_of(i, {"for", "while", "do", "switch"})) arounds_.push_back({i, end_of_statement(p_, i), p_.is(i, "switch")});
      }
      for (uint32_t i = function.body_first; i < function.body_last; ++i) forks_[i] = parts_at(i);
      arounds_.clear();
    }
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
        if (p_.is_identifier(i) && (p_.is(i + 1, ",") || p_.is(i + 1, ")")) && is_called(p_[i].text, function)) {
          parting_.insert(p_[i].text);
          has_changed |= own_.insert(p_[i].text).second;
        }
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

  std::optional<Loop> read_loop(uint32_t i) {
    if (p_.in_attribute(i)) return std::nullopt;
    Loop loop;
    loop.first = i;
    loop.is_do = p_.is(i, "do");
    if (loop.is_do) {
      loop.body_first = i + 1;
      loop.body_last = end_of_statement(p_, i + 1);
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
    loop.body_last = loop.last = end_of_statement(p_, loop.body_first);
    return loop;
  }

  bool counts(const Loop& loop) const {
    return is_anywhere_ || is_passed_by(loop.header_first, loop.header_last) || is_passed_by(loop.body_first, loop.body_last);
  }

  bool is_any_of(uint32_t i, std::initializer_list<std::string_view> texts) const {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return p_.is(i, text); });
  }

  // Whether some lanes may go on to what follows without others behind the fork at i, or pass by an operation in it.
  bool parts_at(uint32_t i) const {
    if (p_.in_attribute(i)) return false;
    if (is_any_of(i, {"if", "for", "while", "do", "switch"})) {
      const uint32_t last = end_of_statement(p_, i);
      return (has_operation(i, last + 1) || has_way_out(i, last)) && values_->parts_at(i);
    }
    return p_.is(i, "goto") || (is_any_of(i, {"?", "&&", "||", "and", "or"}) && is_passed_in_expression(i));
  }

  // `a && simd_any(b)`
  bool is_passed_in_expression(uint32_t i) const {
    uint32_t first = i, last = i;
    while (first > 0 && !is_any_of(first - 1, {";", "{", "}", "(", "["})) first = is_any_of(first - 1, {")", "]"}) && p_[first - 1].match > 0 ? uint32_t(p_[first - 1].match) : first - 1;
    while (last < p_.size() && !is_any_of(last, {";", ")", "]", "}"})) last = p_.opens(last) ? p_.close(last) + 1 : last + 1;
    return has_operation(i, last) && values_->may_vary(first, i);
  }

  // Whether [first, last] has a way out of a loop with an operation, or of the function.
  bool has_way_out(uint32_t first, uint32_t last) const {
    for (uint32_t i = first; i <= last; ++i) {
      if (is_any_of(i, {"return", "goto"})) return true;
      if (!is_any_of(i, {"break", "continue"})) continue;
      const Around* out = nullptr;
      for (const Around& around : arounds_) {
        if (around.first < i && around.last >= i && !(around.is_switch && p_.is(i, "continue"))) out = &around;
      }
      if (!out || (out->first < first && has_operation(out->first, out->last + 1))) return true;
    }
    return false;
  }

  // Whether lanes may part before an operation.
  bool is_passed_by(uint32_t first, uint32_t last) const {
    bool has_fork = false;
    for (uint32_t i = first; i <= last && i < p_.size(); ++i) {
      has_fork = has_fork || forks_[i];
      const bool is_own = is_own_operation(i);
      if (is_own && parting_.contains(p_[i].text)) return true;
      if (has_fork && (is_own || is_library_operation(i))) return true;
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
  std::set<std::string_view> parting_;  // of those, in which lanes may pass an operation by
  std::vector<Body> bodies_;            // of functions and lambdas
  std::optional<LaneValues> values_;
  std::vector<Around> arounds_;  // of the function that find_forks reads
  std::vector<bool> forks_;      // of each token
  std::set<uint32_t> ends_of_do_;  // `while` at the end of a do
  bool has_operation_ = false, is_anywhere_ = false;
};

}  // namespace

void count_rounds(Program& program) {
  if (program.unmatched.empty()) Counting(program).run();
}

}  // namespace klab::msl
