// Address spaces, which C++ does not have, held against what Metal says of them.
#pragma once
#include <functional>
#include <string_view>

#include "program.h"

namespace klab::msl {

// Calls of functions that differ in address spaces alone (Program::space_variants) get the name of the one they mean.
void resolve_space_variants(Program& program);

// Reports a pointer to one kind of memory that is given where another is asked for: initialisations, assignments, casts
// and arguments. `is_library` tells names that Metal's own functions have too: more may be meant than the source shows.
void report_space_mismatches(Program& program, const std::function<bool(std::string_view)>& is_library);

}  // namespace klab::msl
