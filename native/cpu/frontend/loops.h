// Loops in which some lanes may pass by an operation of the simdgroup that others take part in: their rounds are counted,
// so that lanes of different rounds do not meet (msl/simt_abi.h).
#pragma once
#include "program.h"

namespace klab::msl {

// Decided by words alone, so a loop counts in doubt: its body has an operation behind a branch, a way out or another
// loop, or names a function or lambda that has any. Not seen: a `*` of two matrices, which is one, and operations in
// methods of classes that are declared in a function.
void count_rounds(Program& program);

}  // namespace klab::msl
