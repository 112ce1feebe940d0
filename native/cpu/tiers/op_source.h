// What an op is made of.
#pragma once
#include "cpu/compile/compile.h"

namespace klab::cpu {

struct OpSource {
  std::shared_ptr<const ModuleState> state;
  OpRequest request;
  CompileContext context;
};

}  // namespace klab::cpu
