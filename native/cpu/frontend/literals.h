// Number literals and pragmas that C++ reads differently: 1.0 is a float in MSL, 1.0h a half.
#pragma once
#include "program.h"

namespace klab::msl {

void rewrite_literals(Program& program);
void rewrite_pragmas(Program& program);
// `requires` and its like are plain names in MSL, which is an older C++.
void rewrite_newer_keywords(Program& program);
// assert(…) of names that only a debug build declares becomes nothing, as in Metal's release builds.
void rewrite_asserts(Program& program);

// The C++ spelling of an MSL number, the same text when it needs none.
std::string cpp_number(std::string_view number);

}  // namespace klab::msl
