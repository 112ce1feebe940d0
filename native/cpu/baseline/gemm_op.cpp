#include "cpu/baseline/gemm_op.h"

#include <climits>
#include <mutex>

#include "core/boundary.h"
#include "core/crash_report.h"
#include "core/gemm.h"
#include "cpu/baseline/direct_gemm.h"
#include "cpu/baseline/openblas.h"
#include "cpu/baseline/widened_gemm.h"

namespace klab::cpu {

namespace {

// OpenBLAS has one number of threads per process.
std::mutex& blas_mutex() {
  static std::mutex& mutex = *new std::mutex;
  return mutex;
}

class GemmOp final : public HostOp {
 public:
  GemmOp(const OpenBlas& blas, const klab_gemm_desc& gemm, std::function<Executor&()> executor)
      : blas_(blas), gemm_(gemm), executor_(std::move(executor)), bindings_(gemm_bindings(gemm)) {
    const unsigned threads = executor_().threads();
    info_.name = blas.version + " " + gemm_text(gemm);
    info_.is_baseline = true;
    info_.flags_used = format("threads=%u", threads);
    if (gemm.dtype == KLAB_F16 || gemm.dtype == KLAB_BF16) widened_ = std::make_unique<WidenedGemm>(blas, gemm, threads);
  }

  OpInfo info() const override { return info_; }
  std::span<const Binding> bindings() const override { return bindings_; }

  Error execute(const Dispatch& dispatch, const std::atomic<bool>&, HostTimes* times) override {
    Laps laps(times);
    GemmOperands operands;
    for (const Arg& arg : dispatch.args) {
      void* const data = host_pointer(arg);
      (arg.index == 0 ? operands.a : arg.index == 1 ? operands.b : arg.index == 2 ? operands.c : operands.bias) = data;
    }
    const crash::Scope scope(info_.name.c_str());
    const std::lock_guard lock(blas_mutex());
    // Its own threads would go on spinning for some 20 ms after each call, beside whatever is measured next.
    blas_.set_num_threads(1);
    laps.end(&HostTimes::encode_ns);
    const Team team{executor_(), is_worth_sharing(gemm_), times};
    if (widened_) {
      widened_->run(operands, team);
    } else {
      run_direct({blas_, gemm_}, operands, team);
    }
    return {};
  }

 private:
  const OpenBlas& blas_;
  const klab_gemm_desc gemm_;
  const std::function<Executor&()> executor_;
  const std::vector<Binding> bindings_;
  OpInfo info_;
  std::unique_ptr<WidenedGemm> widened_;
};

}  // namespace

Error make_gemm_op(const klab_gemm_desc& gemm, std::function<Executor&()> executor, std::unique_ptr<Op>& op) {
  const uint32_t dtype = gemm.dtype;
  if (dtype != KLAB_F16 && dtype != KLAB_BF16 && dtype != KLAB_F32 && dtype != KLAB_F64) {
    return {KLAB_UNSUPPORTED, format("OpenBLAS multiplies f16, bf16, f32 and f64, not %s", scalar_name(dtype))};
  }
  if (gemm.m > INT_MAX || gemm.n > INT_MAX || gemm.k > INT_MAX) {
    return {KLAB_UNSUPPORTED, "OpenBLAS takes sizes up to 2147483647; got " + gemm_text(gemm)};
  }
  const OpenBlas* blas = nullptr;
  if (Error error = load_openblas(blas)) return error;
  op = std::make_unique<GemmOp>(*blas, gemm, std::move(executor));
  return {};
}

}  // namespace klab::cpu
