// Runs a tool to its end: text in, text out.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/device.h"

namespace klab::cpu {

// What a tool may use of the machine before it is ended by a signal, or refused memory; 0: no limit.
struct ProcessLimits {
  uint64_t cpu_seconds = 0;   // beyond it: SIGXCPU, a second later SIGKILL
  uint64_t memory_bytes = 0;  // of address space
};

struct ProcessRequest {
  std::vector<std::string> arguments;  // the first is the program's absolute path
  std::string_view input;              // its stdin
  const std::atomic<bool>* cancel = nullptr;
  uint64_t timeout_ns = 120'000'000'000;
  uint64_t max_output_bytes = 256 << 20;  // a few macros can make gigabytes
  ProcessLimits limits;
};

struct ProcessResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out, err;
  std::string end_reason;  // what ended a compiler that did not end by itself, in words for the user; run_clang sets it
};

// Fails with TOOL_MISSING when it cannot be started; CANCELLED, TIMEOUT and, for too much output, OUT_OF_MEMORY after
// killing it. An exit code other than
// zero is no failure.
Error run_process(const ProcessRequest& request, ProcessResult& result);

// ProcessResult::exit_code from what waitpid answers.
int exit_code_of(int wait_status);

}  // namespace klab::cpu
