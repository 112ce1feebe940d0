// Makes a failing source small.
#pragma once
#include <functional>
#include <string>

namespace klab_fuzz {

// Removes lines, and blocks from their '{' line to their '}' line, as long as `still_fails` says so of the rest.
std::string reduce_source(std::string source, const std::function<bool(const std::string&)>& still_fails);

}  // namespace klab_fuzz
