// The leader build of an entry point: one lane stands for its simdgroup.
#include "../frontend/reachable.h"
#include "../frontend/uniform.h"
#include "build_entry.h"
#include "refusal.h"

namespace klab::cpu {
namespace {

std::string place_of(const msl::Program& program, uint32_t token) {
  const msl::Location location = program.map.locate(program.stream, token);
  return location.file + ":" + std::to_string(location.line);
}

bool has_barriers(const std::set<std::string_view>& names) { return names.contains("threadgroup_barrier"); }

}  // namespace

Error compile_leader_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, CompiledEntry& out) {
  EntryPlan plan;
  if (Error error = plan_entry(state, request, plan, out)) return error;
  const msl::Program& program = *state.program;
  if (!msl::may_synchronise(program, plan.names)) return {KLAB_UNSUPPORTED, "kernel has no simdgroup operations"};
  const msl::Uniformity uniform = msl::uniformity(program, *plan.entry, plan.names);
  if (!uniform.is_uniform) return {KLAB_UNSUPPORTED, "kernel " + uniform.reason + ", " + place_of(program, uniform.token)};

  ModuleState leader = state;
  leader.build.flavour = Flavour::leader;
  leader.build.is_debug |= (request.flags & KLAB_MODULE_DEBUG) != 0;
  msl::CppText text = msl::emit_source(program, &request.constants, true);
  text.text += "# 1 \"<entry point>\"\n";
  msl::append_entry(text, program, *plan.entry, msl::leader_functions(has_barriers(plan.names), uniform.width_multiple));
  EntryRecipe recipe;
  recipe.text = std::move(text.text);
  recipe.explain = [&](const ProcessResult& failed, CompiledEntry&) {
    if (Error passing = passing_failure(state.toolchain, failed)) return passing;
    return Error{KLAB_UNSUPPORTED, "kernel uses what the leader build of the MSL library does not have: " + first_error(failed.err)};
  };
  return build_entry(leader, request, context, recipe, out);
}

}  // namespace klab::cpu
