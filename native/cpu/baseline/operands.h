// Where the operands of a product lie, and how large one must be to be worth more than one thread.
#pragma once
#include "klab.h"

namespace klab::cpu {

struct GemmOperands {
  void *a = nullptr, *b = nullptr, *c = nullptr, *bias = nullptr;
};

// Below some 10 us of work the other threads cost more than they bring.
inline bool is_worth_sharing(const klab_gemm_desc& gemm) { return double(gemm.m) * gemm.n * gemm.k >= 1 << 16; }

}  // namespace klab::cpu
