// Names that a source has from Metal's headers.
#pragma once
#include <string>
#include <string_view>

namespace klab::cpu {

// Whether the headers in the folder `shim` mention the name anywhere. One letter names no function of theirs.
bool is_library_name(const std::string& shim, std::string_view name);

}  // namespace klab::cpu
