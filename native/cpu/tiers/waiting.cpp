#include "cpu/tiers/waiting.h"

#include "cpu/compile/state.h"

namespace klab::cpu {

bool may_wait_for_threadgroups(const ModuleState& state) {
  if (!state.program) return true;
  const msl::Program& program = *state.program;
  for (uint32_t i = 0; i < program.size(); i++) {
    const std::string_view word = program[i].text;
    if (word.starts_with("atomic") || word == "volatile" || word == "coherent") return true;
  }
  return false;
}

}  // namespace klab::cpu
