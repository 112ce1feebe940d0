// The MSL library, precompiled once per compiler, flags, headers and processor.
#pragma once
#include "cpu/compiler/process.h"
#include "flags.h"
#include "state.h"

namespace klab::cpu {

// Runs the compiler over `input` behind the precompiled prefix, which is built when it is not there yet. `arguments` say
// what to do: "-c", "-o", a file. A compiler that refuses the input is no failure: see result.exit_code.
Error run_compiler(const ModuleState& state, const CompileContext& context, const std::vector<std::string>& arguments, std::string_view input, ProcessResult& result);

// Hash of everything but the source that a compile depends on.
std::string build_identity(const ModuleState& state);

}  // namespace klab::cpu
