// clang -E with Metal's own macros and empty Metal headers: the user's macros and includes, nothing else.
#pragma once
#include "compile.h"

namespace klab::cpu {

struct Preprocessed {
  std::string text;  // with line markers
  std::vector<Diagnostic> diagnostics;
};

Error preprocess(const ModuleRequest& request, const CompileContext& context, const Toolchain& toolchain, Preprocessed& result);

}  // namespace klab::cpu
