// The library that holds this code, and what was installed beside it.
#pragma once
#include <string>

namespace klab::cpu {

std::string own_library();  // its path; empty when the program does not know it
// The readable file or folder of that name in the same folder, links followed; empty when there is none.
std::string beside_own_library(const std::string& name);

}  // namespace klab::cpu
