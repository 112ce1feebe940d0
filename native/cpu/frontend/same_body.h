// Whether functions that differ in address spaces do the same.
#pragma once
#include "overloads.h"

namespace klab::msl {

// True when one is only declared, or when the bodies are alike but for address spaces, casts from one to another, const,
// the width of integers and the names of parameters.
bool do_the_same(const Program& program, const FunctionDeclaration& a, const FunctionDeclaration& b);

}  // namespace klab::msl
