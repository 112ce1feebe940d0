// `threadgroup float tile[32][32];` in a function: every thread of a threadgroup sees the same memory.
#pragma once
#include "program.h"

namespace klab::msl {

// Turns each into a reference to memory that the executor provides. Runs last: it copies what other rewrites made.
void rewrite_threadgroup_variables(Program& program);

}  // namespace klab::msl
