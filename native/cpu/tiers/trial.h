// Measures builds of a kernel against each other on the work of one dispatch, without touching its results.
#pragma once
#include "cpu/exec/executor.h"

namespace klab::cpu {

struct TrialRequest {
  const Dispatch& dispatch;
  std::span<const Binding> bindings;  // what the kernel says it writes
  // At least two. The first is thought to be fast: it says how long the others may take.
  std::span<const Launch> builds;
  bool is_in_order;  // a threadgroup may wait for those before it
  Executor& executor;
  const std::atomic<bool>& cancel;
  uint64_t most_ns;  // what a build may take that gives no other sign of its end
};

struct TrialResult {
  // Of the kernel, in whichever build, or OUT_OF_MEMORY for the copies: nothing was compared then.
  Error error;
  // Of the same threadgroups in each build; no_time where it was given up as plainly slower.
  std::vector<uint64_t> ns;
  static constexpr uint64_t no_time = UINT64_MAX;
};

// Runs threadgroups from all over the grid in all builds, in turn, on copies of its device buffers. Takes milliseconds,
// or a few times one threadgroup of the fastest build where that is longer.
TrialResult compare_builds(const TrialRequest& request);

}  // namespace klab::cpu
