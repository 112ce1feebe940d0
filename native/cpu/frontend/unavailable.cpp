#include "unavailable.h"

#include <algorithm>
#include <map>

#include "entries.h"

namespace klab::msl {
namespace {

using Lost = std::map<size_t, std::string>;  // index of a unit → why it cannot be had

bool is_in(const Unit& unit, uint32_t token) { return token >= unit.first && token < unit.last; }

std::string first_name(const Unit& unit) { return unit.names.empty() ? "a declaration" : "'" + unit.names.front() + "'"; }

Lost units_with_limits(const Program& p) {
  Lost lost;
  for (const Problem& problem : p.problems) {
    for (size_t k = 0; problem.is_limit && k < p.units.size(); ++k) {
      if (is_in(p.units[k], problem.token)) lost.emplace(k, problem.message);
    }
  }
  return lost;
}

// Names that mean nothing but what was lost; an overload that is left keeps its name. → the unit
std::map<std::string_view, size_t> lost_names(const Program& p, const Lost& lost) {
  std::map<std::string_view, size_t> names;
  for (const auto& [k, why] : lost) {
    for (const std::string& name : p.units[k].names) names.emplace(name, k);
  }
  for (size_t k = 0; k < p.units.size(); ++k) {
    if (lost.contains(k)) continue;
    for (const std::string& name : p.units[k].names) names.erase(name);
  }
  return names;
}

// The first token of `unit` that speaks of something lost.
const std::map<std::string_view, size_t>::value_type* find_use(const Program& p, const Unit& unit, const std::map<std::string_view, size_t>& names, uint32_t& token) {
  for (token = unit.first; token < unit.last && token < p.size(); ++token) {
    if (!p[token].is_identifier() || p[token].is_removed || (token > 0 && (p.is(token - 1, ".") || p.is(token - 1, "->")))) continue;
    const auto found = names.find(p[token].text);
    if (found == names.end()) continue;
    const bool is_called = p.is(token + 1, "(") || p.is(token + 1, "<");
    if (is_called || !p.units[found->second].is_function) return &*found;
  }
  return nullptr;
}

void mark_kernels(Program& p, const Unit& unit, const std::string& why) {
  for (Kernel& kernel : p.kernels) {
    if (is_in(unit, kernel.token)) kernel.unavailable = why;
  }
}

bool is_kernel(const Program& p, const Unit& unit) {
  return std::any_of(p.kernels.begin(), p.kernels.end(), [&](const Kernel& kernel) { return is_in(unit, kernel.token); });
}

// Units that use what is lost are lost too. True when there was one.
bool spread(Program& p, Lost& lost) {
  const auto names = lost_names(p, lost);
  const size_t before = lost.size();
  for (size_t k = 0; k < p.units.size() && !names.empty(); ++k) {
    uint32_t token = 0;
    if (lost.contains(k)) continue;
    const auto* use = find_use(p, p.units[k], names, token);
    if (!use) continue;
    const std::string& cause = lost.at(use->second);
    if (is_kernel(p, p.units[k])) p.report_limit(token, "kernel " + first_name(p.units[k]) + " uses '" + std::string(use->first) + "', and " + cause);
    lost.emplace(k, cause);
  }
  return lost.size() > before;
}

}  // namespace

void remove_unavailable(Program& p) {
  Lost lost = units_with_limits(p);
  while (!lost.empty() && spread(p, lost)) {
  }
  for (const auto& [k, why] : lost) {
    mark_kernels(p, p.units[k], why);
    p.remove(p.units[k].first, p.units[k].last);
  }
  // `acceleration_structure a [[buffer(0)]]` is no pointer, but that is not what is wrong with it.
  std::erase_if(p.problems, [&](const Problem& problem) {
    return !problem.is_limit && std::any_of(lost.begin(), lost.end(), [&](const auto& entry) { return is_in(p.units[entry.first], problem.token); });
  });
}

void rank_problems(Program& p) {
  const auto entries = entry_points(p);
  const bool is_something_left = std::any_of(entries.begin(), entries.end(), [](const EntryPoint& entry) { return entry.kernel->unavailable.empty(); });
  for (Problem& problem : p.problems) problem.is_warning |= problem.is_limit && is_something_left;
  std::stable_sort(p.problems.begin(), p.problems.end(), [](const Problem& a, const Problem& b) { return a.is_warning == b.is_warning ? a.token < b.token : b.is_warning; });
}

}  // namespace klab::msl
