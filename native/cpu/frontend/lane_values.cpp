#include "lane_values.h"

#include <algorithm>

#include "lane_words.h"
#include "syntax.h"

namespace klab::msl {
namespace {

bool is_any_of(const Program& p, uint32_t i, std::initializer_list<std::string_view> texts) {
  return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return p.is(i, text); });
}

bool is_step(const Program& p, uint32_t i) { return is_any_of(p, i, {"++", "--"}); }
bool is_assignment(const Program& p, uint32_t i) { return is_any_of(p, i, {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}); }

bool is_written_through(const Program& p, uint32_t first, uint32_t last) {
  bool is_handle = false;
  for (uint32_t k = first; k < last; ++k) {
    if (is_any_of(p, k, {"const", "constant", "device", "threadgroup"})) return false;
    is_handle |= is_any_of(p, k, {"*", "&", "&&"}) || (p.is(k, "[") && !p.in_attribute(k));
  }
  return is_handle;
}

// The first token of what is assigned to before `end`: the base of a.b[c].d.
uint32_t base_of(const Program& p, uint32_t end) {
  uint32_t k = end - 1;
  for (;;) {
    if (p.is(k, "]") && p[k].match > 0) k = uint32_t(p[k].match) - 1;
    else if (p.is_identifier(k) && k > 1 && p.is(k - 1, ".")) k -= 2;
    else return k;
  }
}

// After the expression that goes on at i: commas do not end it, as they may be in a list of template arguments.
uint32_t end_of_expression(const Program& p, uint32_t i) {
  while (i < p.size() && !is_any_of(p, i, {";", ")", "]", "}"})) i = p.opens(i) ? p.close(i) + 1 : i + 1;
  return i;
}

// `a && (b = c)`
bool is_behind_operator(const Program& p, uint32_t i) {
  while (i-- > 0 && !is_any_of(p, i, {";", "{", "}"})) {
    if (is_any_of(p, i, {")", "]"}) && p[i].match > 0) i = uint32_t(p[i].match);
    else if (is_any_of(p, i, {"?", "&&", "||", "and", "or"})) return true;
  }
  return false;
}

}  // namespace

LaneValues::LaneValues(const Program& program) : p_(program), owner_(program.size(), 0), is_parted_(program.size(), false) {
  find_owners();
  find_constants();
  for (uint32_t f = 0; f < p_.functions.size(); ++f) find_parameters(f);
  find_bindings();
  for (bool has_changed = true; has_changed;) {
    has_changed = visit_statements();
    has_changed |= visit_assignments();
    for (const uint32_t call : calls_) has_changed |= visit_call(call);
  }
}

void LaneValues::find_owners() {
  for (uint32_t f = 0; f < p_.functions.size(); ++f) {
    const Function& function = p_.functions[f];
    functions_[function.name].push_back(f);
    std::fill(owner_.begin() + (function.open ? function.open : function.body_first), owner_.begin() + std::min(function.body_last + 1, p_.size()), f + 1);
  }
}

void LaneValues::find_constants() {
  for (const Constant& constant : p_.constants) constants_.insert(constant.name);
  for (const GlobalVariable& global : p_.globals) constants_.insert(global.name);
  for (uint32_t i = 0; i + 1 < p_.size(); ++i) {
    if (!p_.is(i, "template") || !p_.is(i + 1, "<")) continue;
    for (std::string& name : template_parameter_names(p_, i, skip_template_headers(p_, i, p_.size()))) constants_.insert(std::move(name));
  }
  for (const GlobalPosition& position : p_.global_positions) constants_.erase(position.name);
}

void LaneValues::find_parameters(uint32_t f) {
  const Function& function = p_.functions[f];
  const Kernel* kernel = nullptr;
  for (const Kernel& k : p_.kernels) {
    if (k.name == function.name && k.token < function.open && (!kernel || k.token > kernel->token)) kernel = &k;
  }
  if (kernel) {
    for (const Parameter& parameter : kernel->parameters) {
      const bool is_shared = parameter.role == ParameterRole::position ? is_same_for_all_lanes(parameter.position) : parameter.space == AddressSpace::constant;
      if (is_shared && p_[parameter.token].text == parameter.name) known_.insert({f + 1, p_[parameter.token].text});
    }
  }
  if (!function.open) return;
  for (const auto& [first, last] : split_commas(p_, function.open + 1, p_.close(function.open))) {
    const uint32_t name = parameter_name(first, last);
    if (name == last) continue;
    const bool is_open = function.is_member || function.name == "operator" || is_written_through(p_, first, last) || is_any_of(p_, first, {"device", "threadgroup"});
    if (kernel ? !known_.contains(name_at(name)) : is_open) mark(name);
    known_.insert(name_at(name));
  }
}

uint32_t LaneValues::parameter_name(uint32_t first, uint32_t last) const {
  uint32_t name = last;
  for (uint32_t k = first; k < last && !p_.is(k, "="); ++k) {
    if (p_.is_identifier(k) && !p_.in_attribute(k)) name = k;
  }
  return name;
}

// The name that the declaration of memory at i declares first.
uint32_t LaneValues::declared_after(uint32_t i) const {
  uint32_t name = i;
  for (; i < p_.size() && !is_any_of(p_, i, {";", "=", "[", "(", ")", "{", ","}); ++i) {
    if (p_.is_identifier(i)) name = i;
    else if (p_.is(i, "<")) i = skip_angles(p_, i).value_or(i + 1) - 1;
  }
  return name;
}

// What declares or aliases a name, and what is called, in the bodies.
void LaneValues::find_bindings() {
  std::vector<uint32_t> open;
  for (uint32_t i = 1; i < p_.size(); ++i) {
    while (!open.empty() && p_.close(open.back()) <= i) open.pop_back();
    if (p_.opens(i)) open.push_back(i);
    if (p_.in_attribute(i)) continue;
    if (p_.is_identifier(i) && functions_.contains(p_[i].text)) note_function(i);
    else if (p_.is_identifier(i) && owner_[i] && called_at(p_, i) && !is_statement_word(p_[i].text)) calls_.push_back(i);
    if (owner_[i] == 0 || i <= p_.functions[owner_[i] - 1].body_first) continue;
    const uint32_t around = open.empty() ? 0 : open.back();
    if (is_declared_at(i)) {
      const bool is_argument = p_.is(around, "(") && (p_.is(around - 1, "]") || is_any_of(p_, i + 1, {",", ")"}));
      if (!is_argument && is_any_of(p_, i + 1, {"=", ";", ",", "["})) known_.insert(name_at(i));
      else if (!is_any_of(p_, i + 1, {"<", "::"})) mark(i);
    }
    const bool is_reference = is_any_of(p_, i, {"&", "&&", "*"}) && p_.is_identifier(i + 1);
    if (is_reference && is_any_of(p_, i + 2, {"=", ":"}) && !p_.is(i, "*")) mark_all(i + 1, end_of_expression(p_, i + 1));
    if (is_reference && p_.is(i + 2, "=") && (p_[i - 1].is_identifier() || closes_angles(p_, i - 1))) known_.insert(name_at(i + 1));
    if (is_any_of(p_, i, {"device", "threadgroup", "volatile", "static"})) mark(declared_after(i));
    if (p_.is(i, "&") && !p_[i - 1].is_identifier() && !is_any_of(p_, i - 1, {")", "]", ">"}) && p_[i - 1].kind != TokenKind::number) mark_all(i + 1, i + 2);
    if (p_.is(i, "&") && p_.is(i - 1, "return")) mark_all(i + 1, i + 2);
    const bool is_lambda = p_.is(i, "[") && !p_[i - 1].is_identifier() && !is_any_of(p_, i - 1, {")", "]", ">"});
    if (is_lambda || p_.is(i, "goto")) part(i, p_.is(i, "goto") ? p_.functions[owner_[i] - 1].body_last : end_of_expression(p_, i));
    if (p_.is(i, "goto")) part(p_.functions[owner_[i] - 1].body_first, i);
  }
}

// A function that is named other than in a call may be given anything.
void LaneValues::note_function(uint32_t i) {
  const uint32_t open = called_at(p_, i);
  for (const uint32_t f : functions_.at(p_[i].text)) {
    const Function& function = p_.functions[f];
    if (open == function.open && open) return;
    if (open || !function.open) continue;
    for (const auto& [first, last] : split_commas(p_, function.open + 1, p_.close(function.open))) {
      const uint32_t name = parameter_name(first, last);
      if (name < last) mark(name);
    }
  }
  if (open && owner_[i]) calls_.push_back(i);
}

bool LaneValues::is_declared_at(uint32_t i) const {
  return p_.is_identifier(i) && !is_type_word(p_[i].text) && ((p_.is_identifier(i - 1) && !is_statement_word(p_[i - 1].text)) || closes_angles(p_, i - 1));
}

bool LaneValues::mark(uint32_t token) { return varying_.insert(name_at(token)).second; }

bool LaneValues::mark_all(uint32_t first, uint32_t last) {
  bool has_changed = false;
  for (uint32_t i = first; i < last && i < p_.size(); ++i) {
    if (p_.is_identifier(i) && !p_.is(i - 1, ".") && !is_type_word(p_[i].text)) has_changed |= mark(i);
  }
  return has_changed;
}

bool LaneValues::part(uint32_t first, uint32_t last) {
  if (!regions_.insert({first, last}).second) return false;
  std::fill(is_parted_.begin() + first, is_parted_.begin() + std::min(last + 1, p_.size()), true);
  return true;
}

bool LaneValues::visit_assignments() {
  bool has_changed = false;
  for (uint32_t i = 1; i < p_.size(); ++i) {
    if (owner_[i] == 0 || p_.in_attribute(i)) continue;
    if (is_step(p_, i)) {
      const uint32_t name = p_.is_identifier(i + 1) ? i + 1 : base_of(p_, i);
      if (is_parted_[i] || is_behind_operator(p_, i)) has_changed |= mark_all(name, name + 1);
    }
    if (!is_assignment(p_, i) || p_.is(i - 1, "[")) continue;
    const uint32_t base = base_of(p_, i), end = end_of_expression(p_, i + 1);
    const bool is_apart = !is_declared_at(base) && (is_parted_[i] || is_behind_operator(p_, i));
    if (!is_apart && !may_vary(base + 1, end)) continue;
    has_changed |= p_.is(base, ")") && p_[base].match >= 0 ? mark_all(uint32_t(p_[base].match), base) : mark_all(base, base + 1);
  }
  return has_changed;
}

bool LaneValues::visit_call(uint32_t name) {
  const uint32_t open = called_at(p_, name);
  const auto arguments = split_commas(p_, open + 1, p_.close(open));
  const bool is_method = is_any_of(p_, name - 1, {".", "->"});
  bool has_changed = false;
  const auto found = functions_.find(p_[name].text);
  if (found == functions_.end() || is_method) {
    if (!is_method && (is_type_word(p_[name].text) || is_value_function(p_[name].text))) return false;
    const bool is_operation = is_lane_operation_name(p_[name].text);
    if (is_operation && !p_[name].text.starts_with("simdgroup_")) return false;
    for (size_t a = 0; a < (is_operation ? std::min<size_t>(arguments.size(), 1) : arguments.size()); ++a) {
      const auto [first, last] = arguments[a];
      if (first + 1 == last || p_.is(last - 1, "]")) has_changed |= mark_all(first, last);
    }
    return has_changed;
  }
  for (const uint32_t f : found->second) {
    const uint32_t of = p_.functions[f].open;
    if (!of) continue;
    const auto parameters = split_commas(p_, of + 1, p_.close(of));
    for (size_t a = 0; a < std::min(parameters.size(), arguments.size()); ++a) {
      const auto [first, last] = parameters[a];
      const uint32_t own = parameter_name(first, last);
      if (own < last && may_vary(arguments[a].first, arguments[a].second)) has_changed |= mark(own);
      if (is_written_through(p_, first, last)) has_changed |= mark_all(arguments[a].first, arguments[a].second);
    }
  }
  return has_changed;
}

// Where lanes part: statements of conditions that vary, and loops that some lanes leave before others.
bool LaneValues::visit_statements() {
  struct Around {
    uint32_t first, last;
    bool is_switch;
  };
  std::vector<Around> around;
  bool has_changed = false;
  for (uint32_t i = 1; i < p_.size(); ++i) {
    if (owner_[i] == 0 || p_.in_attribute(i)) continue;
    while (!around.empty() && around.back().last < i) around.pop_back();
    const bool is_loop = is_any_of(p_, i, {"for", "while", "do"}), is_switch = p_.is(i, "switch");
    if (is_loop || is_switch) around.push_back({i, end_of_statement(p_, i), is_switch});
    if ((is_loop || is_switch || p_.is(i, "if")) && condition_may_vary(i)) has_changed |= part(i, end_of_statement(p_, i));
    const bool is_return = p_.is(i, "return");
    if (!is_return && !is_any_of(p_, i, {"break", "continue"})) continue;
    for (auto out = around.rbegin(); out != around.rend(); ++out) {
      if (out->is_switch && p_.is(i, "continue")) continue;
      const bool leaves = std::any_of(regions_.upper_bound({out->first, out->last}), regions_.upper_bound({i, 0}), [&](const auto& region) { return region.first > out->first && region.second >= i; });
      if (leaves) has_changed |= part(out->first, out->last);
      if (!is_return) break;
    }
  }
  return has_changed;
}

bool LaneValues::parts_at(uint32_t keyword) const { return regions_.contains({keyword, end_of_statement(p_, keyword)}); }

bool LaneValues::condition_may_vary(uint32_t keyword) const {
  uint32_t open = keyword + 1;
  if (p_.is(open, "constexpr")) return false;
  if (p_.is(keyword, "do")) open = end_of_statement(p_, keyword + 1) + 2;
  if (!p_.is(open, "(")) return true;
  if (!p_.is(keyword, "for")) return may_vary(open + 1, p_.close(open));
  const uint32_t condition = end_of_expression(p_, open + 1);
  return !p_.is(condition, ";") || may_vary(condition + 1, end_of_expression(p_, condition + 1));
}

bool LaneValues::may_vary(uint32_t first, uint32_t last) const {
  for (uint32_t i = first; i < last && i < p_.size(); ++i) {
    if (p_.in_attribute(i) || !p_.is_identifier(i)) continue;
    if (is_any_of(p_, i - 1, {".", "->"}) || p_.is(i + 1, "::")) {
      if (p_.is(i + 1, "(")) return true;
    } else if (is_vote(p_[i].text) && p_.is(i + 1, "(") && !functions_.contains(p_[i].text)) {
      i = p_.close(i + 1);
    } else if (name_may_vary(i)) {
      return true;
    }
  }
  return false;
}

bool LaneValues::name_may_vary(uint32_t i) const {
  const std::string_view word = p_[i].text;
  if (is_type_word(word)) return false;
  if (functions_.contains(word) || varying_.contains(name_at(i))) return true;
  if (known_.contains(name_at(i))) return p_.is(i + 1, "(");
  return !constants_.contains(word) && !is_value_function(word);
}

}  // namespace klab::msl
