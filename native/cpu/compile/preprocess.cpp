#include "preprocess.h"

#include <filesystem>

#include "../frontend/simple_source.h"
#include "cpu/compiler/run.h"
#include "diagnostics.h"
#include "flags.h"
#include "special_files.h"

namespace klab::cpu {
namespace {

constexpr uint32_t newest_msl = 320;
constexpr uint64_t max_preprocessed_bytes = 32 << 20;

std::vector<std::string> arguments(const ModuleRequest& request, const CompileContext& context) {
  std::vector<std::string> args = {"-E", "-x", "c++", "-std=c++20", "-undef", "-nostdinc", "-nostdinc++", "-Wno-everything", "-W#warnings",
                                   "-fno-color-diagnostics", "-fno-caret-diagnostics", "-D__cplusplus=201703L", "-D__clang__=1", "-D__METAL__=1", "-D__METAL_MACOS__=1", "-D__HAVE_BFLOAT__=1", "-D__APPLE__=1"};
  args.push_back("-D__METAL_VERSION__=" + std::to_string(request.version ? request.version : newest_msl));
  if (request.math_mode != KLAB_MATH_SAFE) args.push_back("-D__FAST_MATH__=1");
  for (const std::string& macro : request.macros) args.push_back("-D" + macro);
  const std::string folder = std::filesystem::path(request.path).parent_path().string();
  args.push_back("-iquote" + (folder.empty() ? "." : folder));
  for (const std::string& root : request.include_roots) args.push_back("-I" + root);
  args.push_back("-isystem" + shim_folder(context) + "/stub");
  args.push_back("-");
  return args;
}

std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '"' || c == '\\') out += '\\';
    if (c != '\n') out += c;
  }
  return out;
}

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Behind the line marker that precedes it a compiler would not take the mark for one.
std::string_view without_mark(std::string_view source) {
  return source.starts_with(byte_order_mark) ? source.substr(byte_order_mark.size()) : source;
}

}  // namespace

Error preprocess(const ModuleRequest& request, const CompileContext& context, const Toolchain& toolchain, Preprocessed& result) {
  if (request.source.size() > max_preprocessed_bytes) {
    result.diagnostics = {{.file = request.path, .message = "this source is more than " + std::to_string(max_preprocessed_bytes >> 20) + " MiB"}};
    return {};
  }
  if (request.macros.empty()) {
    const std::filesystem::path stubs = std::filesystem::path(shim_folder(context)) / "stub";
    // An include root may hold a file of the same name.
    const auto is_metal_header = [&](std::string_view name) { return request.include_roots.empty() && std::filesystem::is_regular_file(stubs / name); };
    if (auto text = msl::preprocess_simply(without_mark(request.source), request.path, is_metal_header)) return result.text = std::move(*text), Error{};
  }
  if (auto special = find_special_file(request)) return result.diagnostics = {std::move(*special)}, Error{};
  return preprocess_with_compiler(request, context, toolchain, result);
}

Error preprocess_with_compiler(const ModuleRequest& request, const CompileContext& context, const Toolchain& toolchain, Preprocessed& result) {
  const std::string input = "# 1 \"" + escaped(request.path) + "\"\n" + std::string(without_mark(request.source)) + "\n";
  ClangRun run;
  run.arguments = arguments(request, context);
  run.input = input;
  run.cpu_seconds = context.check_cpu_seconds;
  run.max_output_bytes = max_preprocessed_bytes;
  ProcessResult output;
  if (Error error = run_clang(context, toolchain, run, output)) return error;
  if (!output.end_reason.empty()) {
    result.diagnostics = {{.file = request.path, .message = output.end_reason}};
    return {};
  }
  result.text = std::move(output.out);
  for (const RawDiagnostic& raw : parse_diagnostics(output.err)) {
    if (raw.severity == KLAB_SEVERITY_NOTE) continue;
    Diagnostic diagnostic;
    diagnostic.severity = raw.severity;
    diagnostic.file = raw.file.starts_with('<') ? request.path : raw.file;
    diagnostic.line = raw.line;
    diagnostic.column = raw.column;
    diagnostic.message = raw.message;
    result.diagnostics.push_back(std::move(diagnostic));
  }
  if (output.exit_code != 0 && result.diagnostics.empty()) {
    return {KLAB_INTERNAL, "the preprocessor failed without saying why (exit code " + std::to_string(output.exit_code) + "): " + output.err.substr(0, 500)};
  }
  return {};
}

}  // namespace klab::cpu
