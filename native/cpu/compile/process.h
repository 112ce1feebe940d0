// Runs a tool to its end: text in, text out.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/device.h"

namespace klab::cpu {

struct ProcessRequest {
  std::vector<std::string> arguments;  // the first is the program's absolute path
  std::string_view input;              // its stdin
  const std::atomic<bool>* cancel = nullptr;
  uint64_t timeout_ns = 120'000'000'000;
  uint64_t max_output_bytes = 256 << 20;  // OUT_OF_MEMORY beyond it: a few macros can make gigabytes
};

struct ProcessResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out, err;
};

// Fails with TOOL_MISSING when it cannot be started, CANCELLED, or TIMEOUT after killing it. An exit code other than
// zero is no failure.
Error run_process(const ProcessRequest& request, ProcessResult& result);

}  // namespace klab::cpu
