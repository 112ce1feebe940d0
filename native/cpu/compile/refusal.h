// Whether a failed build tells something of the source, which stays true, or of the moment.
#pragma once
#include "build_entry.h"

namespace klab::cpu {

// OK when the compiler said on some line what it has against the source, or `mark` is in its output: that is a refusal.
// Else PIPELINE and why there is no build this time: it was ended, it ran out of memory, a pass could not be loaded.
Error passing_failure(const Toolchain& toolchain, const ProcessResult& failed, std::string_view mark = {});

// What a compiler has against the source: the first error in its output as "file:line: message", in MSL's terms. Its first
// line when no error names a place.
std::string first_error(const std::string& output);

}  // namespace klab::cpu
