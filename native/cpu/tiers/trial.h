// Measures two builds of a kernel against each other on the work of one dispatch, without touching its results.
#pragma once
#include "cpu/exec/executor.h"

namespace klab::cpu {

struct TrialResult {
  bool is_measured = false;
  double speedup = 1;  // of `fast` over `base`
  Error error;         // of the kernel: it is the same kernel that would run next, so the caller may let it speak then
};

// Runs the first threadgroups of the dispatch in both builds, alternating, on copies of its device buffers. Takes
// milliseconds, or one threadgroup of `base` where that is longer. `bindings` tell what the kernel says it writes.
TrialResult compare_builds(const Dispatch& dispatch, std::span<const Binding> bindings, const Launch& base, const Launch& fast, Executor& executor, const std::atomic<bool>& cancel);

}  // namespace klab::cpu
