// A compiled entry point, loaded into this process.
#pragma once
#include <functional>
#include <memory>

#include "cpu/compile/compile.h"
#include "cpu/exec/executor.h"

namespace klab::cpu {

struct KernelOpOptions {
  Tier tier = Tier::automatic;
  std::function<Executor&()> executor;  // of the device, which outlives its ops
};

// PIPELINE when the library cannot be loaded or was made for another version of the kernel ABI; UNSUPPORTED when the
// kernel cannot run in the tier that was asked for.
Error make_kernel_op(CompiledEntry&& compiled, const KernelOpOptions& options, std::unique_ptr<Op>& op);

}  // namespace klab::cpu
