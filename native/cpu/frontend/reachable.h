// What a kernel may call, by name: the lab has no types here, so a name that is written counts as used.
#pragma once
#include <set>
#include <string_view>

#include "program.h"

namespace klab::msl {

// Every name that the bodies reachable from [first, last) mention, initialisers of globals included.
std::set<std::string_view> reachable_names(const Program& program, uint32_t first, uint32_t last);

// True when one of the reachable bodies waits for other threads: barriers, simdgroup and quadgroup operations.
// Errs on the side of true, which costs speed and never correctness.
bool may_synchronise(const Program& program, const std::set<std::string_view>& names);

}  // namespace klab::msl
