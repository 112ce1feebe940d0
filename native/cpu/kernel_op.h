// An entry point, compiled and loaded into this process, in the tier that was asked for or the fastest that fits.
#pragma once
#include <functional>
#include <memory>

#include "cpu/exec/executor.h"
#include "cpu/tiers/build_queue.h"
#include "cpu/tiers/op_source.h"

namespace klab::cpu {

enum class TierChoice { automatic, loop, fiber, leader, vector };

struct KernelOpOptions {
  TierChoice tier = TierChoice::automatic;
  std::function<Executor&()> executor;  // of the device, which outlives its ops
  BuildQueue& builds;                   // likewise
};

// Automatic: ready as soon as the thread by thread build is; a faster one is taken from the cache, or made in the
// background and taken over by the first run that begins after it is done, unless it measures slower.
// Errors: compile_entry's; PIPELINE when the library cannot be loaded; UNSUPPORTED when the kernel cannot run in the tier
// that was asked for. `diagnostics` are those of an entry that does not compile.
Error make_kernel_op(const OpSource& source, const KernelOpOptions& options, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& op);

}  // namespace klab::cpu
