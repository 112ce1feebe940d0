// Sources that this process has read lately: checking, benching and proving ask for the same one again and again.
#pragma once
#include "state.h"

namespace klab::cpu {

// Everything that the result of read_module depends on but for the files that the source includes.
std::string memo_key(const ModuleState& state, const CompileContext& context);

// The state read before under this key, null when there is none or an included file has changed since.
std::shared_ptr<const ModuleState> recall(const std::string& key);
void remember(const std::string& key, const std::shared_ptr<const ModuleState>& state);

}  // namespace klab::cpu
