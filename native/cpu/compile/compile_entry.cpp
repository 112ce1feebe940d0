// One entry point to a loadable library.
#include <dlfcn.h>

#include <algorithm>

#include "../frontend/reachable.h"
#include "build_entry.h"
#include "check.h"

namespace klab::cpu {
Error explain_refusal(const ModuleState& state, const CompileContext& context, const msl::EntryPoint& entry, const OpRequest& request, const ProcessResult& refused, CompiledEntry& out) {
  if (!refused.end_reason.empty()) {
    out.diagnostics.push_back({.line = out.entry.line, .file = out.entry.file, .message = "entry point '" + entry.name + "': " + refused.end_reason});
    return {KLAB_COMPILE, out.diagnostics.back().message};
  }
  msl::CppText text = msl::emit_source(*state.program, &request.constants, false);
  msl::append_call(text, *state.program, entry, 0);
  if (Error error = check_text(state, context, text, out.diagnostics)) return error;
  const bool has_error = std::any_of(out.diagnostics.begin(), out.diagnostics.end(), [](const Diagnostic& d) { return d.severity == KLAB_SEVERITY_ERROR; });
  if (!has_error) return {KLAB_INTERNAL, state.toolchain.version + " could not build '" + entry.name + "': " + refused.err.substr(0, 800)};
  return {KLAB_COMPILE, "entry point '" + entry.name + "' does not compile; see the diagnostics"};
}

Error compile_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, CompiledEntry& out) {
  if ((request.flags & KLAB_MODULE_DEBUG) && !state.build.is_debug) {
    ModuleState debug = state;
    debug.build.is_debug = true;
    return compile_entry(debug, request, context, out);
  }
  EntryPlan plan;
  if (Error error = plan_entry(state, request, plan, out)) return error;
  msl::CppText text = msl::emit_source(*state.program, &request.constants, true);
  text.text += "# 1 \"<entry point>\"\n";
  msl::append_entry(text, *state.program, *plan.entry, msl::thread_functions(msl::may_synchronise(*state.program, plan.names)));
  EntryRecipe recipe;
  recipe.text = std::move(text.text);
  recipe.explain = [&](const ProcessResult& failed, CompiledEntry& entry) { return explain_refusal(state, context, *plan.entry, request, failed, entry); };
  return build_entry(state, request, context, recipe, out);
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
