#include "refusal.h"

#include <algorithm>

#include "diagnostics.h"

namespace klab::cpu {
namespace {

bool names_a_line(const std::string& output) {
  const std::vector<RawDiagnostic> all = parse_diagnostics(output);
  return std::any_of(all.begin(), all.end(), [](const RawDiagnostic& one) { return one.severity == KLAB_SEVERITY_ERROR; });
}

}  // namespace

Error passing_failure(const Toolchain& toolchain, const ProcessResult& failed, std::string_view mark) {
  if (!failed.end_reason.empty()) return {KLAB_PIPELINE, failed.end_reason};
  const std::string said = failed.err.substr(0, failed.err.find('\n')).substr(0, 300);
  const bool is_refusal = (!mark.empty() && failed.err.find(mark) != std::string::npos) || names_a_line(failed.err);
  if (is_refusal) return {};
  return {KLAB_PIPELINE, toolchain.version + " failed without a word about the source (exit code " + std::to_string(failed.exit_code) + "): " + said};
}

std::string first_error(const std::string& output) {
  constexpr size_t most = 300;
  for (const RawDiagnostic& one : parse_diagnostics(output)) {
    if (one.severity == KLAB_SEVERITY_ERROR) return (one.file + ":" + std::to_string(one.line) + ": " + in_msl_terms(one.message)).substr(0, most);
  }
  return output.substr(0, std::min(output.find('\n'), most));
}

}  // namespace klab::cpu
