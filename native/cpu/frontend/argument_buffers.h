// Buffers that hold addresses of other buffers.
#pragma once
#include "program.h"

namespace klab::msl {

// Reports kernels that take a structure with pointers, or pointers, from a buffer: Metal lets the host write addresses
// there (an argument buffer), and the lab has no way to.
void report_argument_buffers(Program& program);

}  // namespace klab::msl
