// A product of f32 or f64 operands, as OpenBLAS takes them.
#pragma once
#include "cpu/baseline/openblas.h"
#include "cpu/baseline/operands.h"
#include "cpu/exec/executor.h"

namespace klab::cpu {

// OpenBLAS must be set to one thread: pieces of C are what is spread over the executor's.
void run_direct(const OpenBlas& blas, const klab_gemm_desc& gemm, const GemmOperands& operands, Executor& executor);

}  // namespace klab::cpu
