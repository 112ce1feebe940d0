// Walks namespaces and classes and files what they declare: kernels, instantiations, functions, constants, members.
#pragma once
#include "program.h"

namespace klab::msl {

// Needs brackets matched and attributes read.
void read_declarations(Program& program);

}  // namespace klab::msl
