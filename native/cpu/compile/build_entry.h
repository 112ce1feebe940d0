// The steps from an entry point to a library, shared by every kind of build.
#pragma once
#include <functional>
#include <set>
#include <string_view>

#include "../frontend/glue.h"
#include "cpu/compiler/process.h"
#include "state.h"

namespace klab::cpu {

struct EntryPlan {
  const msl::EntryPoint* entry = nullptr;
  std::set<std::string_view> names;  // that the kernel reaches
};

// Finds the entry and checks the function constants; fills out.entry. See compile_entry for the errors.
Error plan_entry(const ModuleState& state, const OpRequest& request, EntryPlan& plan, CompiledEntry& out);

struct EntryRecipe {
  std::string text;                    // C++ for the compiler
  std::vector<std::string> arguments;  // beside the flags of the state's build
  std::string flags;                   // what flags_used says of the arguments and of the rewriting: no paths
  std::string identity;                // of what the arguments lead to, such as the hash of a plugin
  // When set, the compiler stops at LLVM's intermediate language, and goes on with the text that this makes of it.
  std::function<Error(const std::string& ir, std::string& out)> rewrite;
  // Says why the compiler failed. UNSUPPORTED is kept, and must hold for this source for ever (refusal.h); any other status
  // is of this time, and the next request tries again.
  std::function<Error(const ProcessResult& failed, CompiledEntry& out)> explain;
};

// The recipe's library from the cache, else built and put there. A refusal (UNSUPPORTED) is kept as well. NOT_FOUND when
// context.is_cached_only and it has yet to be built.
Error build_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, const EntryRecipe& recipe, CompiledEntry& out);

// The compiler refused an entry's C++: says why, on the user's lines, with the function constants' values in place.
Error explain_refusal(const ModuleState& state, const CompileContext& context, const msl::EntryPoint& entry, const OpRequest& request, const ProcessResult& refused, CompiledEntry& out);

}  // namespace klab::cpu
