// One entry point to a loadable library.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "../frontend/glue.h"
#include "../frontend/reachable.h"
#include "check.h"
#include "prefix.h"
#include "process.h"
#include "sha256.h"
#include "storage.h"

namespace klab::cpu {
namespace {

uint64_t now_ns() { return uint64_t(std::chrono::steady_clock::now().time_since_epoch().count()); }

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

Error link(const ModuleState& state, const CompileContext& context, const std::string& object, const std::string& library) {
  ProcessRequest run;
  run.arguments = {state.toolchain.linker, "-shared", "-z", "nodelete", "-z", "now", "-z", "noexecstack", "--hash-style=gnu", "--build-id=none", "-o", library, object};
  run.cancel = context.cancel;
  ProcessResult result;
  if (Error error = run_process(run, result)) return error;
  if (result.exit_code != 0) return {KLAB_INTERNAL, state.toolchain.linker + " failed: " + result.err.substr(0, 800)};
  return {};
}

// The compiler refused: says why, on the user's lines, with the constants' values in place.
Error explain(const ModuleState& state, const CompileContext& context, const msl::EntryPoint& entry, const OpRequest& request, const ProcessResult& refused, CompiledEntry& out) {
  msl::CppText text = msl::emit_source(*state.program, &request.constants, false);
  msl::append_call(text, *state.program, entry, 0);
  if (Error error = check_text(state, context, text, out.diagnostics)) return error;
  const bool has_error = std::any_of(out.diagnostics.begin(), out.diagnostics.end(), [](const Diagnostic& d) { return d.severity == KLAB_SEVERITY_ERROR; });
  if (!has_error) return {KLAB_INTERNAL, state.toolchain.version + " could not build '" + entry.name + "': " + refused.err.substr(0, 800)};
  return {KLAB_COMPILE, "entry point '" + entry.name + "' does not compile; see the diagnostics"};
}

Error build(const ModuleState& state, const CompileContext& context, const msl::EntryPoint& entry, const OpRequest& request, const std::string& text, CompiledEntry& out) {
  const std::string object = temporary_beside(out.library) + ".o", library = temporary_beside(out.library);
  const uint64_t start = now_ns();
  ProcessResult result;
  Error error = run_compiler(state, context, {"-c", "-w", "-o", object}, text, result);
  out.optimise_ns = now_ns() - start;
  if (!error && result.exit_code != 0) error = explain(state, context, entry, request, result, out);
  const uint64_t link_start = now_ns();
  if (!error) error = link(state, context, object, library);
  out.link_ns = now_ns() - link_start;
  unlink(object.c_str());
  if (error) {
    unlink(library.c_str());
    return error;
  }
  return publish(library, out.library);
}

}  // namespace

Error compile_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, CompiledEntry& out) {
  if ((request.flags & KLAB_MODULE_DEBUG) && !state.build.is_debug) {
    ModuleState debug = state;
    debug.build.is_debug = true;
    return compile_entry(debug, request, context, out);
  }
  out = {};
  const msl::EntryPoint* entry = nullptr;
  if (Error error = find_entry(state, request.entry, entry)) return error;
  if (state.is_broken) return {KLAB_COMPILE, state.request.path + " has errors; see the diagnostics"};
  out.entry = state.info.entries[size_t(entry - state.entries.data())];
  const std::set<std::string_view> names = names_of(*state.program, *entry);
  if (Error error = check_constants(state, request, names)) return error;

  const bool uses_cache = context.is_cache_on && !((request.flags | state.request.flags) & KLAB_MODULE_NO_CACHE);
  std::string folder;
  CompileContext place = context;
  place.is_cache_on = uses_cache;
  if (Error error = storage_folder(place, "entries", folder)) return error;
  msl::CppText text = msl::emit_source(*state.program, &request.constants, true);
  text.text += "# 1 \"<entry point>\"\n";
  msl::append_entry(text, *state.program, *entry, msl::may_synchronise(*state.program, names));
  const std::string key = Sha256().add_field(build_identity(state)).add_field(text.text).hex();
  out.flags_used = state.toolchain.version + " " + join(compile_flags(state.toolchain, "msl", state.build));
  out.library = folder + "/" + key + (uses_cache ? "" : "." + temporary_beside("").substr(1)) + ".so";
  if (uses_cache && touch(out.library)) {
    out.is_cached = true;
    return {};
  }
  if (Error error = build(state, context, *entry, request, text.text, out)) return error;
  if (uses_cache) trim_sometimes(folder, context.cache_limit_bytes);
  return {};
}

void refine_bindings(void* library_handle, std::vector<Binding>& bindings) {
  const auto* known = static_cast<const uint32_t(*)[3]>(dlsym(library_handle, "klab_binding_bytes"));
  for (; known && (*known)[0] != UINT32_MAX; ++known) {
    for (Binding& binding : bindings) {
      const bool is_threadgroup = binding.kind == KLAB_BINDING_THREADGROUP;
      if (binding.index == (*known)[0] && is_threadgroup == ((*known)[1] == 1)) binding.element_bytes = (*known)[2];
    }
  }
}

}  // namespace klab::cpu
