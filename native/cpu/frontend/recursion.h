// Functions that call themselves, which Metal refuses.
#pragma once
#include <functional>

#include "program.h"

namespace klab::msl {

// Reports calls that come back to the function they are in. Decided by names and numbers of arguments: where those do not
// tell which function is meant (overloads by type, templates, methods), nothing is said. `is_library` knows the functions
// that the source has from Metal's headers.
void report_recursion(Program& program, const std::function<bool(std::string_view)>& is_library);

}  // namespace klab::msl
