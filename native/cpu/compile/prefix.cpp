#include "prefix.h"

#include <unistd.h>

#include <mutex>

#include "diagnostics.h"
#include "process.h"
#include "sha256.h"
#include "storage.h"

namespace klab::cpu {
namespace {

Error build(const ModuleState& state, const CompileContext& context, const std::string& path) {
  const std::string temporary = temporary_beside(path);
  ProcessRequest run;
  run.arguments = {state.toolchain.clang, "-x", "c++-header"};
  for (std::string& flag : compile_flags(state.toolchain, state.shim, state.build)) run.arguments.push_back(std::move(flag));
  for (const std::string& argument : {std::string("-w"), std::string("-fpch-instantiate-templates"), std::string("-Xclang"), std::string("-fno-pch-timestamp"), state.shim + "/prefix.h", std::string("-o"), temporary}) {
    run.arguments.push_back(argument);
  }
  run.cancel = context.cancel;
  ProcessResult result;
  Error error = run_process(run, result);
  if (!error && result.exit_code != 0) {
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
  if (touch(path)) return {};
  static std::mutex building;
  const std::lock_guard lock(building);
  if (touch(path)) return {};
  if (Error error = build(state, context, path)) return error;
  trim(folder, context.cache_limit_bytes);
  return {};
}

}  // namespace

std::string build_identity(const ModuleState& state) {
  return Sha256()
      .add_field("6")  // raise when generated code changes
      .add_field(state.toolchain.clang)
      .add_field(state.toolchain.version)
      .add_field(state.shim)
      .add_field(state.shim_hash)
      .add_field(join(compile_flags(state.toolchain, state.shim, state.build)))
      .add_field(processor_identity())
      .hex();
}

Error run_compiler(const ModuleState& state, const CompileContext& context, const std::vector<std::string>& arguments, std::string_view input, ProcessResult& result) {
  for (int attempt = 0;; ++attempt) {
    std::string prefix;
    if (Error error = find_prefix(state, context, prefix)) return error;
    ProcessRequest run;
    run.arguments = {state.toolchain.clang};
    run.arguments.insert(run.arguments.end(), arguments.begin(), arguments.end());
    for (std::string& flag : compile_flags(state.toolchain, state.shim, state.build)) run.arguments.push_back(std::move(flag));
    for (const std::string& argument : {std::string("-include-pch"), prefix, std::string("-fno-caret-diagnostics"), std::string("-x"), std::string("c++"), std::string("-")}) {
      run.arguments.push_back(argument);
    }
    run.input = input;
    run.cancel = context.cancel;
    if (Error error = run_process(run, result)) return error;
    // Another process may have removed it, or a header changed while it was built.
    const bool is_prefix_bad = result.exit_code != 0 && result.err.find(prefix) != std::string::npos;
    if (!is_prefix_bad || attempt > 0) return {};
    unlink(prefix.c_str());
  }
}

}  // namespace klab::cpu
