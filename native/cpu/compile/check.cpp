#include "check.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "../frontend/glue.h"
#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "prefix.h"

namespace klab::cpu {
namespace {

constexpr size_t max_checked_entries = 64;

std::vector<const msl::EntryPoint*> entries_to_check(const ModuleState& state) {
  std::vector<const msl::EntryPoint*> chosen;
  if (!state.program->unmatched.empty()) return chosen;
  std::set<const msl::Kernel*> seen;
  const bool is_all = state.entries.size() <= max_checked_entries;
  for (const msl::EntryPoint& entry : state.entries) {
    if (!entry.kernel->unavailable.empty()) continue;
    const bool is_first = seen.insert(entry.kernel).second;
    if (is_all || (is_first && entry.instantiation)) chosen.push_back(&entry);
  }
  return chosen;
}

// One diagnostic a line, fields between tabs.
std::string serialise(const std::vector<Diagnostic>& diagnostics) {
  std::ostringstream out;
  for (const Diagnostic& d : diagnostics) {
    std::string message = d.message;
    std::replace(message.begin(), message.end(), '\n', ' ');
    out << d.severity << '\t' << d.line << '\t' << d.column << '\t' << d.end_line << '\t' << d.end_column << '\t' << d.file << '\t' << message << '\n';
  }
  out << "end\n";
  return out.str();
}

bool parse(const std::string& text, std::vector<Diagnostic>& diagnostics) {
  std::istringstream in(text);
  std::string line;
  while (std::getline(in, line)) {
    if (line == "end") return true;
    std::istringstream fields(line);
    Diagnostic d;
    fields >> d.severity >> d.line >> d.column >> d.end_line >> d.end_column;
    fields.get();
    if (!std::getline(fields, d.file, '\t') || !std::getline(fields, d.message)) return false;
    diagnostics.push_back(std::move(d));
  }
  return false;
}

}  // namespace

Error check_text(const ModuleState& state, const CompileContext& context, const msl::CppText& text, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> arguments = warning_flags();
  arguments.insert(arguments.end(), {"-fsyntax-only", "-ferror-limit=50"});
  ProcessResult result;
  if (Error error = run_compiler(state, context, arguments, text.text, result)) return error;
  if (!result.end_reason.empty()) {
    diagnostics = {{.file = state.request.path, .message = result.end_reason}};
    return {KLAB_COMPILE, result.end_reason};
  }
  diagnostics = map_diagnostics(parse_diagnostics(result.err), *state.program, text);
  const bool has_error = std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == KLAB_SEVERITY_ERROR; });
  if (result.exit_code != 0 && !has_error) {
    return {KLAB_INTERNAL, state.toolchain.version + " failed without a message about the source (exit code " + std::to_string(result.exit_code) + "): " + result.err.substr(0, 800)};
  }
  return {};
}

Error check_module(const ModuleState& state, const CompileContext& context, std::vector<Diagnostic>& diagnostics, bool& is_cached) {
  const bool uses_cache = !(state.request.flags & KLAB_MODULE_NO_CACHE);
  std::string folder, stored;
  if (Error error = storage_folder(context, "checks", folder)) return error;
  const std::string key = Sha256().add_field(build_identity(state)).add_field(join(warning_flags())).add_field(state.request.path).add_field(state.request.source).add_field(state.program->text).hex();
  const std::string path = folder + "/" + key;
  if (uses_cache && read_file(path, stored) && parse(stored, diagnostics)) {
    touch(path);
    is_cached = true;
    return {};
  }
  diagnostics.clear();
  msl::CppText text = msl::emit_source(*state.program, nullptr, false);
  size_t number = 0;
  for (const msl::EntryPoint* entry : entries_to_check(state)) msl::append_call(text, *state.program, *entry, number++);
  if (Error error = check_text(state, context, text, diagnostics)) return error;
  constexpr uint64_t max_bytes = 16ull << 20;
  if (uses_cache && !write_file(path, serialise(diagnostics))) trim_sometimes(folder, max_bytes);
  return {};
}

}  // namespace klab::cpu
