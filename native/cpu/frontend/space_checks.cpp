#include "space_checks.h"

#include <algorithm>
#include <optional>

#include "pointer_spaces.h"
#include "syntax.h"

namespace klab::msl {
namespace {

struct Wanted {
  std::string_view name;
  AddressSpace space = AddressSpace::unnamed;
  bool is_reference = false, is_const = false, has_default = false;
};

std::vector<Wanted> parameters_of(const Program& p, uint32_t open) {
  std::vector<Wanted> all;
  for (const auto& [first, last] : split_commas(p, open + 1, p.close(open))) {
    if (last == first + 1 && p.is(first, "void")) continue;
    Wanted wanted;
    wanted.space = pointee_space(p, first, last);
    for (uint32_t i = first; i < last; ++i) {
      if (p.in_attribute(i)) continue;
      if (p.is(i, "=")) {
        wanted.has_default = true;
        break;
      }
      if (p.is(i, "<")) i = skip_angles(p, i).value_or(i + 1) - 1;
      else if (p.is(i, "&")) wanted.is_reference = true;
      else if (p.is(i, "const") || p.is(i, "constant")) wanted.is_const = true;
      else if (p[i].is_identifier()) wanted.name = p[i].text;
    }
    all.push_back(wanted);
  }
  return all;
}

struct Call {
  uint32_t name = 0;
  std::vector<std::pair<uint32_t, uint32_t>> arguments;
};

// `f(…)` and `f<…>(…)` at i, but no method and no function of another namespace.
std::optional<Call> call_at(const Program& p, uint32_t i) {
  if (!p[i].is_identifier() || p[i].is_removed || i == 0 || p.is(i - 1, ".") || p.is(i - 1, "->") || p.is(i - 1, "::")) return std::nullopt;
  uint32_t open = i + 1;
  if (p.is(open, "<")) open = skip_angles(p, open).value_or(open);
  if (!p.is(open, "(") || p[open].match == none) return std::nullopt;
  return Call{i, split_commas(p, open + 1, p.close(open))};
}

bool takes(const std::vector<Wanted>& parameters, size_t arguments) {
  return arguments <= parameters.size() && std::all_of(parameters.begin() + ptrdiff_t(arguments), parameters.end(), [](const Wanted& wanted) { return wanted.has_default; });
}

// The first argument that is in memory of another kind than its parameter.
std::optional<size_t> mismatch(const PointerSpaces& spaces, const Call& call, const std::vector<Wanted>& parameters) {
  for (size_t k = 0; k < call.arguments.size() && k < parameters.size(); ++k) {
    const Wanted& wanted = parameters[k];
    if (wanted.space == AddressSpace::unnamed || (wanted.is_reference && wanted.is_const)) continue;
    const auto [first, last] = call.arguments[k];
    const AddressSpace given = wanted.is_reference ? spaces.of_object(first, last) : spaces.of(first, last);
    if (given != AddressSpace::unnamed && given != wanted.space) return k;
  }
  return std::nullopt;
}

// How many arguments certainly are in the memory that the parameters ask for.
size_t agreements(const PointerSpaces& spaces, const Call& call, const std::vector<Wanted>& parameters) {
  size_t count = 0;
  for (size_t k = 0; k < call.arguments.size() && k < parameters.size(); ++k) {
    const auto [first, last] = call.arguments[k];
    const AddressSpace given = parameters[k].is_reference ? spaces.of_object(first, last) : spaces.of(first, last);
    count += given != AddressSpace::unnamed && given == parameters[k].space;
  }
  return count;
}

void resolve(Program& p, const PointerSpaces& spaces, const Call& call) {
  const SpaceVariant* meant = nullptr;
  bool is_one = false, is_sure = false;
  for (const SpaceVariant& variant : p.space_variants) {
    if (!p.is(call.name, variant.name)) continue;
    const std::vector<Wanted> parameters = parameters_of(p, variant.open);
    if (!takes(parameters, call.arguments.size()) || mismatch(spaces, call, parameters)) continue;
    is_one = meant == nullptr;
    is_sure = agreements(spaces, call, parameters) > 0;
    meant = &variant;
  }
  if (!meant) return;
  if (is_one && is_sure) return p[call.name].rewrite(meant->emitted_name);
  p.report_limit(call.name, "which '" + meant->name + "' is called depends on the memory that its argument is in, and the cpu device knows that of names that say it only: pass a parameter or variable that is declared device, threadgroup, constant or thread");
}

std::string pointer_to(AddressSpace space) { return "a pointer to " + std::string(space_name(space)) + " memory"; }

// Metal's own, beside which one of the source's is only one more.
bool takes_pointers(std::string_view name) {
  return name.starts_with("atomic_") || name.starts_with("simdgroup_") || name.starts_with("__") || name == "modf" || name == "frexp" || name == "sincos";
}

void check_call(Program& p, const PointerSpaces& spaces, const Call& call, const std::vector<const Function*>& candidates, bool is_library) {
  std::optional<size_t> worst;
  Wanted wanted;
  for (const Function* candidate : candidates) {
    const std::vector<Wanted> parameters = parameters_of(p, candidate->open);
    if (!takes(parameters, call.arguments.size())) continue;
    const auto found = mismatch(spaces, call, parameters);
    if (!found || (is_library && parameters[*found].is_reference)) return;
    worst = found;
    wanted = parameters[*found];
  }
  if (!worst) return;
  const auto [first, last] = call.arguments[*worst];
  const AddressSpace given = wanted.is_reference ? spaces.of_object(first, last) : spaces.of(first, last);
  const std::string name = "'" + std::string(p[call.name].text) + "'";
  const std::string what = wanted.is_reference ? "this is in " + std::string(space_name(given)) + " memory" : "this is " + pointer_to(given);
  const std::string asked = (wanted.is_reference ? "in " : "a pointer to ") + std::string(space_name(wanted.space)) + " memory";
  p.report(first, what + ", and " + (candidates.size() > 1 ? "no " + name + " takes that" : "parameter '" + std::string(wanted.name) + "' of " + name + " is " + asked));
}

void check_given(Program& p, const PointerSpaces& spaces) {
  for (const PointerSpaces::Given& given : spaces.given()) {
    const AddressSpace space = spaces.of(given.first, given.last);
    if (space == AddressSpace::unnamed || space == given.space) continue;
    p.report(given.first, "'" + std::string(p[given.name].text) + "' is " + pointer_to(given.space) + ", and this is one to " + std::string(space_name(space)) + " memory");
  }
}

// `(threadgroup float*)x`: the end of what is cast, when that is a name, an address or something in parentheses.
uint32_t end_of_operand(const Program& p, uint32_t first) {
  if (p.is(first, "(")) return p.close(first) + 1;
  uint32_t end = first + 1 + p.is(first, "&");
  while (p.is(first, "&") && p.is(end, "[")) end = p.close(end) + 1;
  const bool goes_on = p.is(end, "[") || p.is(end, ".") || p.is(end, "->") || p.is(end, "(") || p.is(end, "::") || p.is(end, "<");
  return goes_on ? first : end;
}

void check_cast(Program& p, const PointerSpaces& spaces, uint32_t i) {
  uint32_t type = i + 1, type_end = 0, first = 0, last = 0;
  if (p.is(i, "(") && p[i].match != none && p.is(p.close(i) - 1, "*")) {
    type_end = p.close(i);
    first = type_end + 1;
    last = end_of_operand(p, first);
  } else if ((p.is(i, "reinterpret_cast") || p.is(i, "static_cast")) && p.is(i + 1, "<")) {
    const auto after = skip_angles(p, i + 1);
    if (!after || !p.is(*after, "(") || !p.is(*after - 2, "*")) return;
    type = i + 2;
    type_end = *after - 1;
    first = *after + 1;
    last = p.close(*after);
  }
  if (first >= last) return;
  const AddressSpace to = pointee_space(p, type, type_end), from = spaces.of(first, last);
  if (to == AddressSpace::unnamed || from == AddressSpace::unnamed || to == from) return;
  p.report(i, "casts " + pointer_to(from) + " to one to " + std::string(space_name(to)) + " memory: Metal has no such cast");
}

}  // namespace

void resolve_space_variants(Program& p) {
  if (p.space_variants.empty()) return;
  for (const Function& function : p.functions) {
    const PointerSpaces spaces(p, function);
    for (uint32_t i = function.body_first + 1; i < function.body_last; ++i) {
      const bool is_variant = std::any_of(p.space_variants.begin(), p.space_variants.end(), [&](const SpaceVariant& variant) { return p.is(i, variant.name); });
      if (!is_variant) continue;
      if (const auto call = call_at(p, i)) resolve(p, spaces, *call);
    }
  }
}

void report_space_mismatches(Program& p, const std::function<bool(std::string_view)>& is_library) {
  std::map<std::string_view, std::vector<const Function*>> by_name;
  for (const std::vector<Function>* all : {&p.functions, &p.space_twins}) {
    for (const Function& function : *all) {
      if (function.open && function.name != "operator") by_name[function.name].push_back(&function);
    }
  }
  const size_t reported = p.problems.size();
  for (const Function& function : p.functions) {
    const PointerSpaces spaces(p, function);
    check_given(p, spaces);
    for (uint32_t i = function.body_first + 1; i < function.body_last; ++i) {
      check_cast(p, spaces, i);
      const auto known = by_name.find(p[i].text);
      if (known == by_name.end() || takes_pointers(p[i].text)) continue;
      const bool has_methods = std::any_of(known->second.begin(), known->second.end(), [](const Function* f) { return f->is_member; });
      if (has_methods) continue;
      if (const auto call = call_at(p, i)) check_call(p, spaces, *call, known->second, is_library(p[i].text));
    }
  }
  std::stable_sort(p.problems.begin() + ptrdiff_t(reported), p.problems.end(), [](const Problem& a, const Problem& b) { return a.token < b.token; });
}

}  // namespace klab::msl
