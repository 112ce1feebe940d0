// What a kernel's source tells of threadgroups that wait for each other.
#pragma once
#include "cpu/compile/compile.h"

namespace klab::cpu {

// Whether a threadgroup of some kernel in the module might wait for what another one writes: it takes an atomic, or memory
// that is volatile or coherent. Said too often rather than too seldom.
bool may_wait_for_threadgroups(const ModuleState& state);

}  // namespace klab::cpu
