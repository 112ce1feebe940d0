// A product of f32 or f64 operands, as OpenBLAS takes them.
#pragma once
#include "cpu/baseline/openblas.h"
#include "cpu/baseline/operands.h"

namespace klab::cpu {

struct DirectGemm {
  const OpenBlas& blas;
  const klab_gemm_desc& gemm;
};

// OpenBLAS must be set to one thread: pieces of C are what is spread over the team's.
void run_direct(const DirectGemm& product, const GemmOperands& operands, const Team& team);

}  // namespace klab::cpu
