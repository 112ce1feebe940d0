// The baseline of the cpu device: one product, ready to run again and again.
#pragma once
#include <functional>
#include <memory>

#include "core/device.h"
#include "cpu/exec/executor.h"
#include "cpu/host_op.h"

namespace klab::cpu {

// The product is split among the executor's OS threads, on each of which OpenBLAS runs with one thread. f32 and f64 go to
// it as they are. It has no 16-bit routines, so f16 and bf16 operands are widened to f32 inside the timed work, block by
// block while they are in the cache, and the result is rounded once, to nearest even. Scratch is allocated here, not
// while running. `executor` is called at every run: the device's threads may change.
Error make_gemm_op(const klab_gemm_desc& gemm, std::function<Executor&()> executor, std::unique_ptr<Op>& op);

}  // namespace klab::cpu
