#include "prefix.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "cpu/compiler/run.h"
#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "diagnostics.h"

namespace klab::cpu {
namespace {

Error build(const ModuleState& state, const CompileContext& context, const std::string& path) {
  const std::string temporary = temporary_beside(path);
  ClangRun run;
  run.arguments = {"-x", "c++-header"};
  for (std::string& flag : compile_flags(state.toolchain, state.shim, state.build)) run.arguments.push_back(std::move(flag));
  for (const std::string& argument : {std::string("-w"), std::string("-fpch-instantiate-templates"), std::string("-Xclang"), std::string("-fno-pch-timestamp"), state.shim + "/prefix.h", std::string("-o"), temporary}) {
    run.arguments.push_back(argument);
  }
  run.cpu_seconds = context.build_cpu_seconds;
  ProcessResult result;
  Error error = run_clang(context, state.toolchain, run, result);
  if (const std::string reason = output_failure(result.err); !error && result.exit_code != 0 && !reason.empty()) {
    error = cannot_store(path.substr(0, path.rfind('/')), reason);
  } else if (!error && result.exit_code != 0) {
    error = {KLAB_INTERNAL, "the MSL library in " + state.shim + " does not compile with " + state.toolchain.version + ": " + result.err.substr(0, 1500)};
  }
  if (error) {
    unlink(temporary.c_str());
    return error;
  }
  return publish(temporary, path);
}

Error find_prefix(const ModuleState& state, const CompileContext& context, std::string& path) {
  std::string folder;
  if (Error error = storage_folder(context, "pch", folder)) return error;
  path = folder + "/" + build_identity(state) + ".pch";
  const bool is_there = touch(path);
  trim_once(folder, context.cache_limit_bytes);
  if (is_there) return {};
  static std::mutex building;
  const std::lock_guard lock(building);
  if (touch(path)) return {};
  Error error = build(state, context, path);
  if (was_emptied(error)) {
    if (!(error = storage_folder(context, "pch", folder))) error = build(state, context, path);
  }
  if (error) return error;
  trim(folder, context.cache_limit_bytes);
  return {};
}

// A run that failed because its output could not be written says nothing about the source.
Error storing_error(const std::vector<std::string>& arguments, const ProcessResult& failed) {
  const std::string reason = output_failure(failed.err);
  const auto option = std::find(arguments.begin(), arguments.end(), "-o");
  if (reason.empty() || arguments.end() - option < 2) return {};
  return cannot_store(option[1].substr(0, option[1].rfind('/')), reason);
}

}  // namespace

std::string build_identity(const ModuleState& state) {
  return Sha256()
      .add_field(generated_code_version)
      .add_field(state.toolchain.clang)
      .add_field(state.toolchain.version)
      .add_field(state.toolchain.stamp)
      .add_field(state.shim)
      .add_field(state.shim_hash)
      .add_field(join(compile_flags(state.toolchain, state.shim, state.build)))
      .add_field(processor_identity())
      .hex();
}

Error run_compiler(const ModuleState& state, const CompileContext& context, const std::vector<std::string>& arguments, std::string_view input, ProcessResult& result) {
  const bool is_check = std::find(arguments.begin(), arguments.end(), "-fsyntax-only") != arguments.end();
  for (int attempt = 0;; ++attempt) {
    std::string prefix;
    if (Error error = find_prefix(state, context, prefix)) return error;
    ClangRun run;
    run.arguments = arguments;
    for (std::string& flag : compile_flags(state.toolchain, state.shim, state.build)) run.arguments.push_back(std::move(flag));
    for (const std::string& argument : {std::string("-include-pch"), prefix, std::string("-fno-caret-diagnostics"), std::string("-x"), std::string("c++"), std::string("-")}) {
      run.arguments.push_back(argument);
    }
    run.input = input;
    run.is_usual = true;
    run.cpu_seconds = is_check ? context.check_cpu_seconds : context.build_cpu_seconds;
    if (Error error = run_clang(context, state.toolchain, run, result)) return error;
    // Another process may have removed it, or a header changed while it was built.
    const bool is_prefix_bad = result.exit_code != 0 && result.end_reason.empty() && result.err.find(prefix) != std::string::npos;
    if (!is_prefix_bad || attempt > 0) return result.exit_code == 0 ? Error{} : storing_error(arguments, result);
    unlink(prefix.c_str());
  }
}

}  // namespace klab::cpu
