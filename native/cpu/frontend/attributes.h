// [[…]]: C++ knows other attributes than MSL, so each group is read, remembered and removed.
#pragma once
#include "program.h"

namespace klab::msl {

void read_attributes(Program& program);

}  // namespace klab::msl
