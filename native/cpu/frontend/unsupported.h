// Parts of MSL that the cpu device has not, and parts of C++ that Metal has not: each use is an error with a name, on
// the user's line.
#pragma once
#include "syntax.h"

namespace klab::msl {

void report_unsupported(Program& program);

// `int f(int) __asm("air.f");` up to `last`: a declaration of one of Apple's built-in functions. True when the MSL
// library has it, and the declaration is to go; reports it otherwise.
bool is_built_in(Program& program, const FunctionHead& head, uint32_t last);

}  // namespace klab::msl
