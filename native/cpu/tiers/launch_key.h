// Which launches of a kernel are alike.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/device.h"

namespace klab::cpu {

// What two launches have in common when the build that is faster for one is taken to be faster for the other: the grid,
// the threadgroups and, each to the next power of two, the sizes of buffers and the numbers in small arguments (K of a
// product is one of them).
using LaunchKey = std::vector<uint64_t>;
LaunchKey key_of(const Dispatch& dispatch, std::span<const Binding> bindings);

}  // namespace klab::cpu
