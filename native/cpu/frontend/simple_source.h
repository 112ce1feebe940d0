// Preprocesses without a compiler what needs none: most kernel files include Metal's headers, define a few names for
// numbers, and nothing more. Starting a compiler for them would cost more than checking them.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace klab::msl {

// The source with its object-like macros expanded and its includes gone, in the form that a preprocessor gives it;
// none when the source has anything else in it. `is_metal_header` knows the names that may stand in #include <…>.
std::optional<std::string> preprocess_simply(std::string_view source, std::string_view path, const std::function<bool(std::string_view)>& is_metal_header);

}  // namespace klab::msl
