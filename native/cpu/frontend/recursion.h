// Functions that call themselves, which Metal refuses.
#pragma once
#include <functional>

#include "program.h"

namespace klab::msl {

// Reports calls that come back to the function they are in. Decided by names, numbers of arguments, and the types of
// arguments that are parameters: where those do not tell which function is meant (methods, template arguments that are
// written out, functions and templates of one name), nothing is said. Nor of what may end while the kernel is compiled.
// `is_library` knows the functions that the source has from Metal's headers.
void report_recursion(Program& program, const std::function<bool(std::string_view)>& is_library);

}  // namespace klab::msl
