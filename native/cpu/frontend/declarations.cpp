#include "declarations.h"

#include <algorithm>
#include <array>

#include "constants.h"
#include "global_positions.h"
#include "instantiations.h"
#include "kernels.h"
#include "overloads.h"
#include "syntax.h"
#include "unsupported.h"

namespace klab::msl {
namespace {

enum class Brace { name_space, class_body, function_body, member_initialiser, skip };

struct OpenScope {
  bool is_class = false, is_template = false;
  std::string name;
  bool has_own_constructor = false;
  std::vector<std::pair<uint32_t, uint32_t>> defaulted_constructors = {};  // `X() threadgroup = default;`, [first, last)
};

bool is_access_label(const Program& p, uint32_t colon) {
  return colon > 0 && (p.is(colon - 1, "public") || p.is(colon - 1, "private") || p.is(colon - 1, "protected"));
}

class Walk {
 public:
  explicit Walk(Program& program) : p_(program) { scopes_.push_back({}); }

  void run() {
    uint32_t i = 0;
    while (i < p_.size()) i = step(i);
  }

 private:
  bool in_class() const { return scopes_.back().is_class; }

  uint32_t step(uint32_t i) {
    if (p_.in_attribute(i)) return i + 1;
    if (p_.is(i, "(") || p_.is(i, "[")) return p_[i].match > int32_t(i) ? p_.close(i) + 1 : i + 1;
    if (p_.is(i, ";")) {
      declaration(start_, i);
      return start_ = i + 1;
    }
    if (in_class() && p_.is(i, ":") && is_access_label(p_, i)) return start_ = i + 1;
    if (p_.is(i, "{")) return open_brace(i);
    if (p_.is(i, "}")) {
      drop_defaulted_constructors();
      if (scopes_.size() > 1) scopes_.pop_back();
      overloads_.leave();
      return start_ = i + 1;
    }
    return i + 1;
  }

  uint32_t open_brace(uint32_t i) {
    switch (classify(i)) {
      case Brace::name_space: return enter_namespace(i);
      case Brace::class_body: return enter_class(i);
      case Brace::function_body: return function(i);
      case Brace::member_initialiser: return p_.close(i) + 1;
      case Brace::skip: break;
    }
    const uint32_t next = p_.close(i) + 1;
    const bool is_part_of_declaration = p_.is(next, ";") || p_.is(next, ",") || p_.is(next, ")");
    if (!is_part_of_declaration) start_ = next;
    return next;
  }

  Brace classify(uint32_t brace) const {
    uint32_t i = start_;
    if (p_.is(i, "inline")) ++i;
    if (p_.is(i, "namespace") || (p_.is(i, "extern") && i + 2 == brace)) return Brace::name_space;
    for (uint32_t k = skip_template_headers(p_, start_, brace); k < brace; ++k) {
      if (p_.in_attribute(k) || is_address_space(p_[k].text)) continue;
      if (p_.is(k, "enum") || p_.is(k, "concept")) return Brace::skip;
      if ((p_.is(k, "struct") || p_.is(k, "class") || p_.is(k, "union")) && is_class_head(k, brace)) return Brace::class_body;
      if (p_[k].is_identifier() && !is_specifier(p_[k].text)) break;
    }
    const auto head = find_function(p_, start_, brace);
    if (!head || head->open >= brace) return Brace::skip;
    return is_member_initialiser(*head, brace) ? Brace::member_initialiser : Brace::function_body;
  }


  static bool is_specifier(std::string_view word) {
    constexpr std::array<std::string_view, 8> specifiers = {"static", "constexpr", "const", "inline", "typedef", "alignas", "volatile", "friend"};
    return std::find(specifiers.begin(), specifiers.end(), word) != specifiers.end();
  }

  // `struct X : Base<int(3)> {` is a class, `struct X f() {` is not.
  bool is_class_head(uint32_t first, uint32_t brace) const {
    for (uint32_t k = first; k < brace; ++k) {
      if (p_.is(k, ":")) return true;
      if (p_.is(k, "(") && !p_.is(k - 1, "alignas") && !p_.is(k - 1, "__attribute__") && !p_.is(k - 1, "decltype") && !p_.in_attribute(k)) return false;
      if (p_.opens(k)) k = p_.close(k);
    }
    return true;
  }

  // In `X() : a{1}, b{2} {` only the last brace, after a ')' or '}', opens the body.
  bool is_member_initialiser(const FunctionHead& head, uint32_t brace) const {
    uint32_t before = brace - 1;
    while (before > head.open && p_.in_attribute(before)) --before;
    if (!p_[before].is_identifier() && !p_.is(before, ">")) return false;
    for (uint32_t k = p_.close(head.open); k < brace; ++k) {
      if (p_.is(k, ":")) return true;
    }
    return false;
  }

  uint32_t enter_namespace(uint32_t brace) {
    std::string name;
    for (uint32_t k = start_; k < brace; ++k) {
      if (!p_.in_attribute(k) && !p_.is(k, "inline") && !p_.is(k, "namespace") && !p_.is(k, "extern") && p_[k].kind != TokenKind::string) name += p_[k].text;
    }
    const bool is_linkage = p_.is(start_, "extern");
    scopes_.push_back({false, false, is_linkage ? "extern" : name});
    overloads_.enter_namespace(name);
    return start_ = brace + 1;
  }

  uint32_t enter_class(uint32_t brace) {
    const uint32_t head = skip_template_headers(p_, start_, brace);
    if (overloads_.is_duplicate_class(p_, start_, brace)) {
      uint32_t end = p_.close(brace);
      while (end + 1 < p_.size() && !p_.is(end, ";")) ++end;
      p_.remove(start_, end + 1);
      return start_ = end + 1;
    }
    OpenScope scope{true, scopes_.back().is_template || head > start_, {}};
    for (uint32_t k = head; k < brace; ++k) {
      if (p_.is(k, "struct") || p_.is(k, "class") || p_.is(k, "union")) {
        for (++k; k < brace && (p_.in_attribute(k) || p_.is(k, "alignas") || p_.opens(k)); ++k) {
          if (p_.opens(k)) k = p_.close(k);
        }
        if (k < brace) scope.name = p_[k].text;
        break;
      }
    }
    // Partial specialisations for one address space keep their meaning without it.
    for (uint32_t k = head; k < brace; ++k) {
      if (is_address_space(p_[k].text) && !p_.in_attribute(k)) p_[k].rewrite("");
    }
    if (!in_class()) add_class_unit(brace, scope.name);
    scopes_.push_back(scope);
    overloads_.enter_class();
    return start_ = brace + 1;
  }

  // `struct A { … } a, *b;` declares A, a and b.
  void add_class_unit(uint32_t brace, const std::string& name) {
    Unit unit{start_, p_.close(brace), {name}, false};
    while (unit.last < p_.size() && !p_.is(unit.last, ";")) {
      if (p_[unit.last].is_identifier() && !p_.in_attribute(unit.last)) unit.names.emplace_back(p_[unit.last].text);
      ++unit.last;
    }
    ++unit.last;
    p_.units.push_back(std::move(unit));
  }

  // A class with no other constructors is an aggregate in Metal's C++ and would be none in ours.
  void drop_defaulted_constructors() {
    const OpenScope& scope = scopes_.back();
    if (scope.has_own_constructor) return;
    for (const auto& [first, last] : scope.defaulted_constructors) p_.remove(first, last);
  }

  void note_constructor(uint32_t first, uint32_t last) {
    if (p_.is(last - 1, "default")) scopes_.back().defaulted_constructors.emplace_back(first, last + 1);
    else scopes_.back().has_own_constructor = true;
  }

  bool is_constructor(const FunctionHead& head) const { return in_class() && p_.is(head.name, scopes_.back().name); }

  uint32_t function(uint32_t brace) {
    const uint32_t end = p_.close(brace);
    const auto head = find_function(p_, start_, brace);
    if (is_constructor(*head)) scopes_.back().has_own_constructor = true;
    const bool is_template = scopes_.back().is_template || skip_template_headers(p_, start_, brace) > start_;
    const Function self{p_.is(head->name, "operator") ? "operator" : std::string(p_[head->name].text), brace, end, is_template, in_class(), head->open};
    if (overloads_.is_duplicate_function(p_, {start_, brace, *head, in_class(), true, is_constructor(*head)})) {
      p_.remove(start_, end + 1);
      p_.space_twins.push_back(self);
    } else {
      if (!in_class()) p_.units.push_back({start_, end + 1, {std::string(p_[head->name].text)}, true});
      p_.functions.push_back(self);
      if (!in_class()) read_kernel(p_, {start_, brace, *head, scope_path(), true});
    }
    return start_ = end + 1;
  }

  // [first, last) ends at a ';'.
  void declaration(uint32_t first, uint32_t last) {
    if (first >= last) return;
    if (in_class()) return class_member(first, last);
    if (p_.is(first, "template") && read_instantiation(p_, first, last, scope_path())) return;
    const auto head = find_function(p_, first, last);
    if (head && !p_.find_attribute("function_constant", first, last)) {
      if (!is_plain_declaration(first)) return;
      if (is_built_in(p_, *head, last)) return p_.remove(first, last + 1);
      if (overloads_.is_duplicate_function(p_, {first, last, *head, false, false, false})) return p_.remove(first, last + 1);
      p_.units.push_back({first, last + 1, {std::string(p_[head->name].text)}, true});
      read_kernel(p_, {first, last, *head, scope_path(), false});
      return;
    }
    if (read_global_position(p_, first, last)) return;
    read_global(p_, first, last);
    p_.units.push_back({first, last + 1, declared_names(p_, first, last), false});
  }

  bool is_plain_declaration(uint32_t first) const { return !p_.is(first, "using") && !p_.is(first, "typedef"); }

  void class_member(uint32_t first, uint32_t last) {
    const auto head = find_function(p_, first, last);
    if (head) {
      if (is_constructor(*head)) note_constructor(first, last);
      if (overloads_.is_duplicate_function(p_, {first, last, *head, true, false, is_constructor(*head)})) p_.remove(first, last + 1);
      return;
    }
    read_static_member(p_, first, last);
    if (p_.is(first, "using") || p_.is(first, "typedef")) return;
    for (const auto& [begin, end] : split_commas(p_, first, last)) {
      for (uint32_t k = end; k-- > begin;) {
        const bool ends_declarator = k + 1 == last || k + 1 == end || p_.is(k + 1, "=") || p_.is(k + 1, "[") || p_.is(k + 1, "{") || p_.is(k + 1, ":");
        if (p_[k].is_identifier() && ends_declarator && !p_.in_attribute(k)) p_.members.emplace(p_[k].text);
      }
    }
  }

  Scope scope_path() const {
    Scope path;
    for (size_t k = 1; k < scopes_.size(); ++k) {
      if (!scopes_[k].is_class && scopes_[k].name != "extern") path.push_back(scopes_[k].name);
    }
    return path;
  }

  Program& p_;
  std::vector<OpenScope> scopes_;
  Overloads overloads_;
  uint32_t start_ = 0;
};

}  // namespace

void read_declarations(Program& program) { Walk(program).run(); }

}  // namespace klab::msl
