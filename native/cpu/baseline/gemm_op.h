// The baseline of the cpu device: one product, ready to run again and again.
#pragma once
#include <memory>

#include "core/device.h"
#include "cpu/host_op.h"

namespace klab::cpu {

// f32 and f64 go to OpenBLAS as they are. It has no 16-bit routines, so f16 and bf16 operands are widened to f32 inside
// the timed work, block by block while they are in the cache, and the result is rounded once, to nearest even.
// Scratch is allocated here, not while running.
Error make_gemm_op(const klab_gemm_desc& gemm, unsigned threads, std::unique_ptr<Op>& op);

}  // namespace klab::cpu
