// Every run of the compiler: in the resident one where there is one, else in a process of its own.
#pragma once
#include "process.h"
#include "toolchain.h"

namespace klab::cpu {

struct ClangRun {
  std::vector<std::string> arguments;  // without the program
  std::string_view input;              // its stdin
  uint64_t cpu_seconds = 60;           // of processor time; four times as much may pass by the clock
  uint64_t max_output_bytes = 256 << 20;
  bool is_usual = false;               // the like is run again and again: worth remembering what the driver makes of it
};

// An exit code other than zero is no failure: see result. Nor is a source that takes more time or memory than it may, or
// that crashes the compiler: result.end_reason says so, and result.err begins with it. CANCELLED, TOOL_MISSING and IO as
// run_process.
Error run_clang(const CompileContext& context, const Toolchain& toolchain, const ClangRun& run, ProcessResult& result);

}  // namespace klab::cpu
