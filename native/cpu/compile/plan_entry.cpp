// From the name of an entry point to what is needed to build it.
#include <algorithm>

#include "../frontend/reachable.h"
#include "build_entry.h"

namespace klab::cpu {
namespace {

Error find_entry(const ModuleState& state, const std::string& name, const msl::EntryPoint*& found) {
  constexpr size_t max_listed = 40;
  std::string names;
  for (size_t i = 0; i < state.entries.size(); ++i) {
    if (state.entries[i].name == name) return found = &state.entries[i], Error{};
    if (i < max_listed) names += (i ? ", " : "") + state.entries[i].name;
  }
  if (state.entries.size() > max_listed) names += ", and " + std::to_string(state.entries.size() - max_listed) + " more";
  return {KLAB_NOT_FOUND, "no entry point '" + name + "' in " + state.request.path + "; " + (names.empty() ? "it has none" : "it has: " + names)};
}

bool is_number_type(uint32_t type) { return type <= KLAB_F64; }

Error check_constants(const ModuleState& state, const OpRequest& request, const std::set<std::string_view>& names) {
  for (const ConstantValue& value : request.constants) {
    const auto fits = [&](const msl::Constant& constant) { return value.name.empty() ? constant.index == value.index : constant.name == value.name; };
    const auto& constants = state.program->constants;
    const auto found = std::find_if(constants.begin(), constants.end(), fits);
    const std::string what = value.name.empty() ? "index " + std::to_string(value.index) : "'" + value.name + "'";
    if (found == constants.end()) return {KLAB_INVALID_ARGUMENT, "no function constant " + what + " in " + state.request.path};
    if (!is_number_type(value.type)) return {KLAB_INVALID_ARGUMENT, "the value of function constant " + what + " has an unknown type"};
    if (msl::known_type_bytes(found->type) == 0 || (found->type.back() >= '2' && found->type.back() <= '4' && found->type.find('_') == std::string::npos)) {
      return {KLAB_INVALID_ARGUMENT, "function constant " + what + " is of type " + found->type + ", and only scalars can be given a value on the cpu device"};
    }
  }
  for (const msl::Constant& constant : state.program->constants) {
    const bool is_missing = constant.defined_tests.empty() && names.contains(constant.name) && !msl::find_value(constant, request.constants);
    if (is_missing) {
      return {KLAB_PIPELINE, "entry point '" + request.entry + "' needs a value for the function constant '" + constant.name + "' (index " + std::to_string(constant.index) + ", " + constant.type + ")"};
    }
  }
  return {};
}

// The tokens whose names count as used by an entry: its kernel's parameters and body.
std::set<std::string_view> names_of(const msl::Program& program, const msl::EntryPoint& entry) {
  const msl::Kernel& kernel = *entry.kernel;
  uint32_t last = kernel.token + 1;
  for (const msl::Function& function : program.functions) {
    if (function.name == kernel.name && function.body_first > kernel.token && (last == kernel.token + 1 || function.body_last < last)) last = function.body_last;
  }
  std::set<std::string_view> names = msl::reachable_names(program, kernel.token + 1, last);
  for (const msl::Parameter& parameter : kernel.parameters) {
    const msl::Attribute* behind = program.find_attribute("function_constant", parameter.first, parameter.last);
    if (!behind) continue;
    for (const std::string_view name : msl::reachable_names(program, behind->first, behind->last)) names.insert(name);
    // Attributes are left out there: the constant itself, and what it is derived from.
    for (uint32_t i = behind->first; i < behind->last; ++i) {
      names.insert(program[i].text);
      for (const msl::GlobalVariable& global : program.globals) {
        if (global.name == program[i].text) names.merge(msl::reachable_names(program, global.first, global.last));
      }
    }
  }
  return names;
}

}  // namespace

Error plan_entry(const ModuleState& state, const OpRequest& request, EntryPlan& plan, CompiledEntry& out) {
  out = {};
  if (Error error = find_entry(state, request.entry, plan.entry)) return error;
  if (!plan.entry->kernel->unavailable.empty()) return {KLAB_UNSUPPORTED, "entry point '" + plan.entry->name + "': " + plan.entry->kernel->unavailable};
  if (state.is_broken) return {KLAB_COMPILE, state.request.path + " has errors; see the diagnostics"};
  out.entry = state.info.entries[size_t(plan.entry - state.entries.data())];
  plan.names = names_of(*state.program, *plan.entry);
  return check_constants(state, request, plan.names);
}

}  // namespace klab::cpu
