// What Metal takes out of C++. A kernel with it would run here only, so it is an error here too.
#pragma once
#include "program.h"

namespace klab::msl {

void report_restrictions(Program& program);

}  // namespace klab::msl
