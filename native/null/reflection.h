// Reflection by reading the text alone: enough for plain kernels, which is what tests on the null device use.
#pragma once
#include <string_view>
#include <vector>

#include "core/device.h"

namespace klab {

std::vector<Entry> read_entries(std::string_view source, const std::string& path);

}  // namespace klab
