// C++ has one address space: the keywords go, and `constant` leaves the `const` it implies.
#pragma once
#include "program.h"

namespace klab::msl {

void rewrite_address_spaces(Program& program);

}  // namespace klab::msl
