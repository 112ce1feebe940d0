// Includes of what is no ordinary file: a compiler would read a device for ever, and wait for ever at a pipe.
#pragma once
#include <optional>

#include "core/device.h"

namespace klab::cpu {

// The first #include of `request`'s source, or of a file that it includes, that leads to a device, a pipe or a socket. Read
// as text: a directive in a comment or behind a condition counts too. Names that macros put together are not seen.
std::optional<Diagnostic> find_special_file(const ModuleRequest& request);

}  // namespace klab::cpu
