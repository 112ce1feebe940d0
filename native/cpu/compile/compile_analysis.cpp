// The build of an entry point whose intermediate code is rewritten.
#include <cstdlib>

#include "../../msl/kernel_abi.h"
#include "build_entry.h"

namespace klab::cpu {
namespace {

// Names of threadgroup variables by their slot, as the front end wrote them: auto& NAME = …threadgroup_variable<…>(SLOT);
std::vector<std::string> variable_names(const std::string& text) {
  constexpr std::string_view call = " = klab_msl::threadgroup_variable<";
  std::vector<std::string> names;
  for (size_t at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
    const size_t name = text.rfind(' ', at - 1) + 1, end = text.find(">(", at), stop = text.find(';', at);
    if (end == text.npos || end > stop) continue;
    const unsigned long slot = std::strtoul(text.c_str() + end + 2, nullptr, 10);
    if (slot >= KLAB_TG_VARIABLE_SLOTS) continue;
    if (names.size() <= slot) names.resize(slot + 1);
    names[slot] = text.substr(name, at - name);
  }
  return names;
}

}  // namespace

Error compile_analysis_entry(const ModuleState& state, const OpRequest& request, const Rewriting& rewriting, const CompileContext& context, CompiledEntry& out) {
  EntryPlan plan;
  if (Error error = plan_entry(state, request, plan, out)) return error;
  ModuleState watched = state;
  watched.build.flavour = Flavour::analyse;
  watched.build.is_debug = false;
  msl::CppText text = msl::emit_source(*state.program, &request.constants, true);
  text.text += "# 1 \"<entry point>\"\n";
  msl::append_entry(text, *state.program, *plan.entry, msl::thread_functions(true));
  EntryRecipe recipe;
  recipe.text = std::move(text.text);
  recipe.flags = "(" + rewriting.identity + ")";
  recipe.rewrite = [&](const std::string& ir, std::string& rewritten) { return rewriting.apply({ir, state.shim, variable_names(recipe.text)}, rewritten); };
  recipe.explain = [&](const ProcessResult& failed, CompiledEntry& entry) { return explain_refusal(state, context, *plan.entry, request, failed, entry); };
  return build_entry(watched, request, context, recipe, out);
}

}  // namespace klab::cpu
