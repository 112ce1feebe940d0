// Type-checks a source: diagnostics without a kernel.
#pragma once
#include "diagnostics.h"
#include "state.h"

namespace klab::cpu {

// Runs the compiler's front end over `text`, which is the program and generated calls, without line markers.
// Errors in it are diagnostics and no failure. COMPILE when the compiler gave it up, which is a diagnostic too.
Error check_text(const ModuleState& state, const CompileContext& context, const msl::CppText& text, std::vector<Diagnostic>& diagnostics);

// Checks the source with the calls of its entries: all of them up to a limit, then one of each kernel template.
// Answers from the cache when this very source was checked before. Errors as check_text's.
Error check_module(const ModuleState& state, const CompileContext& context, std::vector<Diagnostic>& diagnostics, bool& is_cached);

}  // namespace klab::cpu
