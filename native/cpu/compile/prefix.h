// The MSL library, precompiled once per compiler, flags, headers and processor.
#pragma once
#include "flags.h"
#include "state.h"

namespace klab::cpu {

// The path of the precompiled prefix, built when it is not there yet.
Error find_prefix(const ModuleState& state, const CompileContext& context, std::string& path);

// Hash of everything but the source that a compile depends on.
std::string build_identity(const ModuleState& state);

}  // namespace klab::cpu
