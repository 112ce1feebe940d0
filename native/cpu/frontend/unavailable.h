// What a source needs and this device does not have takes away the declarations that need it, and no others: a file
// that mixes render functions with kernels still builds its kernels.
#pragma once
#include "program.h"

namespace klab::msl {

// Removes each declaration that has a reported limit in it, and in turn those that use one. Kernels among them say why
// in Kernel::unavailable.
void remove_unavailable(Program& program);

// A limit is a warning where something is left to run, and an error where nothing is.
void rank_problems(Program& program);

}  // namespace klab::msl
