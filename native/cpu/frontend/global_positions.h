// `uint2 gid [[thread_position_in_grid]];` at namespace scope: a variable that has another value in every thread. It
// becomes a further parameter of the kernels that use it.
#pragma once
#include "program.h"

namespace klab::msl {

// Whether [first, last) declares such a variable, which is then removed and remembered.
bool read_global_position(Program& program, uint32_t first, uint32_t last);

// Once everything is read: gives kernels their parameters, and reports functions that use such variables.
void pass_global_positions(Program& program);

}  // namespace klab::msl
