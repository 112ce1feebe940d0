// The user's macros and includes expanded, and nothing else: Metal's headers are empty here.
#pragma once
#include "compile.h"

namespace klab::cpu {

struct Preprocessed {
  std::string text;  // with line markers
  std::vector<Diagnostic> diagnostics;
};

// Without a compiler when the source is simple enough, else with clang -E.
Error preprocess(const ModuleRequest& request, const CompileContext& context, const Toolchain& toolchain, Preprocessed& result);

Error preprocess_with_compiler(const ModuleRequest& request, const CompileContext& context, const Toolchain& toolchain, Preprocessed& result);

}  // namespace klab::cpu
