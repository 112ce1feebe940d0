// Where the operands of a product lie, and who works on it.
#pragma once
#include "cpu/exec/executor.h"
#include "klab.h"

namespace klab::cpu {

struct GemmOperands {
  void *a = nullptr, *b = nullptr, *c = nullptr, *bias = nullptr;
};

// Below some 10 us of work the other threads cost more than they bring.
inline bool is_worth_sharing(const klab_gemm_desc& gemm) { return double(gemm.m) * gemm.n * gemm.k >= 1 << 16; }

struct Team {
  Executor& executor;
  bool is_shared = true;  // else the caller works alone
  HostTimes* times = nullptr;

  unsigned threads() const { return is_shared ? executor.threads() : 1; }
  void share(uint64_t count, const std::function<void(uint64_t task, unsigned thread)>& work) const {
    if (is_shared) return executor.share(count, work, times);
    for (uint64_t task = 0; task < count; task++) work(task, 0);
  }
};

}  // namespace klab::cpu
