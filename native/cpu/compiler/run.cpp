#include "run.h"

#include <signal.h>

#include "driver.h"
#include "resident.h"

namespace klab::cpu {
namespace {

bool says(const ProcessResult& result, const char* text) { return result.err.find(text) != std::string::npos; }

std::string too_long(const Toolchain& toolchain, uint64_t seconds) {
  return toolchain.version + " was ended after " + std::to_string(seconds) +
         " s on this source; look for templates or constexpr functions that multiply, and for large loops that are unrolled in one another";
}

std::string too_much_text(uint64_t bytes) { return "this source is more than " + std::to_string(bytes >> 20) + " MiB with its macros expanded and its files included"; }

std::string end_reason(const Toolchain& toolchain, const ProcessLimits& limits, const ProcessResult& result) {
  if (result.exit_code == 0) return "";
  if (result.exit_code == 128 + SIGXCPU) return too_long(toolchain, limits.cpu_seconds);
  if (says(result, "LLVM ERROR: out of memory") || says(result, "std::bad_alloc") || says(result, "Cannot allocate memory")) {
    return toolchain.version + " needs more than " + std::to_string(limits.memory_bytes >> 20) + " MiB of memory for this source; make its arrays, templates or unrolled loops smaller";
  }
  if (result.exit_code <= 128) return "";
  if (result.exit_code == 128 + SIGKILL) return toolchain.version + " was killed (signal 9), which the system does when memory runs out; close other programs and try again";
  return toolchain.version + " crashed on this source (signal " + std::to_string(result.exit_code - 128) + "); change or divide what was written last";
}

}  // namespace

Error run_clang(const CompileContext& context, const Toolchain& toolchain, const ClangRun& run, ProcessResult& result) {
  ProcessRequest request;
  if (run.is_usual) request.arguments = compiler_command(context, toolchain, run.arguments);
  if (request.arguments.empty()) {
    request.arguments = {toolchain.clang};
    request.arguments.insert(request.arguments.end(), run.arguments.begin(), run.arguments.end());
  }
  constexpr uint64_t clock_to_cpu = 4, ns = 1'000'000'000;
  request.input = run.input;
  request.cancel = context.cancel;
  request.timeout_ns = run.cpu_seconds * clock_to_cpu * ns;
  request.max_output_bytes = run.max_output_bytes;
  request.limits = {run.cpu_seconds, context.compiler_memory_bytes};
  Error error;
  const bool has_run = context.is_compiler_resident && run_resident({toolchain.program, toolchain.stamp}, request, result, error) == ResidentAnswer::ran;
  if (!has_run) error = run_process(request, result);
  if (error.status == KLAB_TIMEOUT) result.end_reason = too_long(toolchain, run.cpu_seconds * clock_to_cpu);
  else if (error.status == KLAB_OUT_OF_MEMORY) result.end_reason = too_much_text(request.max_output_bytes);
  else if (error) return error;
  else result.end_reason = end_reason(toolchain, request.limits, result);
  if (!result.end_reason.empty()) result.err = result.end_reason + "\n" + result.err;
  return {};
}

}  // namespace klab::cpu
