// Explicit instantiations of kernel templates, in every spelling that Metal accepts.
#pragma once
#include "program.h"

namespace klab::msl {

// Files `template [[host_name("x")]] …;` when [first, last) is one, and removes it. C++ rejects its attributes, and
// the lab instantiates only what it is asked for.
bool read_instantiation(Program& program, uint32_t first, uint32_t last, const Scope& scope);

// The kernel that an instantiation is of; null when there is none of that name and number of parameters.
const Kernel* find_kernel(const Program& program, const Instantiation& instantiation);

}  // namespace klab::msl
