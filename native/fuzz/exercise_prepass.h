// The whole pre-pass on one input, as the fuzzer and the regression tests run it.
#pragma once
#include <string_view>

namespace klab_fuzz {

// Reads `source` as the cpu device reads a file, up to the text that the compiler would get, and asks for places in it.
// Aborts with a message when an answer is impossible; memory errors are the sanitizers' to find.
void exercise_prepass(std::string_view source);

}  // namespace klab_fuzz
