// Parts of MSL that the cpu device has not, and parts of C++ that Metal has not: each use is an error with a name, on
// the user's line.
#pragma once
#include "program.h"

namespace klab::msl {

void report_unsupported(Program& program);

}  // namespace klab::msl
