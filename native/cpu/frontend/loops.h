// Loops in which some lanes may pass by an operation of the simdgroup that others take part in: their rounds are counted,
// so that lanes of different rounds do not meet (msl/simt_abi.h).
#pragma once
#include "program.h"

namespace klab::msl {

// Decided by words alone, so a loop counts in doubt: an operation in it stands in or behind a branch, a loop or a way out
// that lanes may not take together (lane_values.h), or in a function or lambda of which that holds. Not seen: a `*` of two
// matrices, which is one, and operations in methods of classes that are declared in a function.
void count_rounds(Program& program);

}  // namespace klab::msl
