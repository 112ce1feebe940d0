// Reads a compiler's messages and gives them back in the user's terms: files, lines and names that the user wrote.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "../../core/device.h"
#include "../frontend/emit.h"

namespace klab::cpu {

struct RawDiagnostic {
  std::string file, message;
  uint32_t line = 1, column = 1;
  uint32_t severity = KLAB_SEVERITY_ERROR;
};

// Lines of the form `file:line:column: error: message`; others are left out.
std::vector<RawDiagnostic> parse_diagnostics(std::string_view text);

// Places in the generated text become places in the user's files. Errors inside the MSL headers move to the user's
// line that led there; notes and warnings there go.
std::vector<Diagnostic> map_diagnostics(const std::vector<RawDiagnostic>& raw, const msl::Program& program, const msl::CppText& text);

std::vector<Diagnostic> map_problems(const msl::Program& program);

// Without the names of the lab's own C++: 'metal::vec<_Float16, 4>' reads 'half4'.
std::string in_msl_terms(std::string message);

// Leaves so many errors and so many warnings, each with its notes, as somebody may read; a last line says how many are left
// out.
void limit_diagnostics(std::vector<Diagnostic>& diagnostics, const std::string& main_file);

}  // namespace klab::cpu
