// v.xyz is a member function in the lab's library: v.xyz() to read, v.xyz_l() to assign to.
#pragma once
#include "program.h"

namespace klab::msl {

// Names that the source's own classes have as members are left alone.
void rewrite_swizzles(Program& program);

}  // namespace klab::msl
