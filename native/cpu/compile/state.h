// What read_module learned of a source. Immutable afterwards.
#pragma once
#include "../frontend/entries.h"
#include "compile.h"
#include "flags.h"

namespace klab::cpu {

struct ModuleState {
  ModuleRequest request;
  Toolchain toolchain;
  std::string shim, shim_hash;
  BuildOptions build;
  std::shared_ptr<msl::Program> program;
  std::vector<msl::EntryPoint> entries;  // as info.entries, in the same order
  ModuleInfo info;
  bool is_broken = false;    // the source could not be read whole: nothing can be compiled
  bool is_given_up = false;  // the check was ended: another time it may do better
};

}  // namespace klab::cpu
