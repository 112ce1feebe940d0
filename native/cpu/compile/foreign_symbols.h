// What a built kernel would take from the process that loads it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "../frontend/program.h"
#include "core/device.h"

namespace klab::cpu {

// Whether code that clang makes of a kernel may need `symbol`: of the lab's runtime, the math library, or the compiler's
// own support functions. Everything else of the process (system, exit, …) is none of a kernel's business.
bool is_kernel_symbol(std::string_view symbol);

// The undefined symbols of a built library that are not is_kernel_symbol. IO when the file is no library.
Error foreign_symbols(const std::string& library, std::vector<std::string>& out);

// The source's own name of a symbol: "_ZN2ns4callEi" → "call".
std::string name_of_symbol(const std::string& symbol);

// What is wrong with a source whose build needs `symbols`, at the place where each is declared; at `fallback` when the
// source does not say its name.
std::vector<Diagnostic> explain_foreign_symbols(const msl::Program& program, const std::vector<std::string>& symbols, const Diagnostic& fallback);

}  // namespace klab::cpu
