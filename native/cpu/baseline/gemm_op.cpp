#include "cpu/baseline/gemm_op.h"

#include <algorithm>
#include <climits>
#include <mutex>

#include "core/boundary.h"
#include "core/crash_report.h"
#include "core/gemm.h"
#include "cpu/baseline/openblas.h"
#include "cpu/baseline/widened_gemm.h"

namespace klab::cpu {

namespace {

// One overload per type, so that the product below is written once.
struct Routines {
  const OpenBlas& blas;

  void gemm(CblasTranspose ta, CblasTranspose tb, int m, int n, int k, double alpha, const float* a, int lda, const float* b, int ldb, double beta, float* c) const {
    blas.sgemm(row_major, ta, tb, m, n, k, static_cast<float>(alpha), a, lda, b, ldb, static_cast<float>(beta), c, n);
  }
  void gemm(CblasTranspose ta, CblasTranspose tb, int m, int n, int k, double alpha, const double* a, int lda, const double* b, int ldb, double beta, double* c) const {
    blas.dgemm(row_major, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, n);
  }
  void gemv(CblasTranspose t, int rows, int columns, double alpha, const float* a, const float* x, double beta, float* y) const {
    blas.sgemv(row_major, t, rows, columns, static_cast<float>(alpha), a, columns, x, 1, static_cast<float>(beta), y, 1);
  }
  void gemv(CblasTranspose t, int rows, int columns, double alpha, const double* a, const double* x, double beta, double* y) const {
    blas.dgemv(row_major, t, rows, columns, alpha, a, columns, x, 1, beta, y, 1);
  }
};

template <class T>
void multiply(const Routines& routines, const klab_gemm_desc& g, const T* a, const T* b, T* c) {
  const int m = static_cast<int>(g.m), n = static_cast<int>(g.n), k = static_cast<int>(g.k);
  const CblasTranspose ta = g.transpose_a ? transpose : no_transpose, tb = g.transpose_b ? transpose : no_transpose;
  // Some versions scale the old vector by 0 instead of overwriting it, which keeps a NaN.
  if ((m == 1 || n == 1) && g.beta == 0) std::fill_n(c, size_t(g.m) * g.n, T(0));
  if (m == 1) {  // y = op(B)ᵀ · a
    g.transpose_b ? routines.gemv(no_transpose, n, k, g.alpha, b, a, g.beta, c) : routines.gemv(transpose, k, n, g.alpha, b, a, g.beta, c);
  } else if (n == 1) {  // y = op(A) · b
    g.transpose_a ? routines.gemv(transpose, k, m, g.alpha, a, b, g.beta, c) : routines.gemv(no_transpose, m, k, g.alpha, a, b, g.beta, c);
  } else {
    routines.gemm(ta, tb, m, n, k, g.alpha, a, g.transpose_a ? m : k, b, g.transpose_b ? k : n, g.beta, c);
  }
}

template <class T>
void run_direct(const Routines& routines, const klab_gemm_desc& g, const GemmOperands& operands) {
  const auto* a = static_cast<const T*>(operands.a);
  const auto* b = static_cast<const T*>(operands.b);
  const auto* bias = static_cast<const T*>(operands.bias);
  auto* c = static_cast<T*>(operands.c);
  const size_t m = g.m, n = g.n, k = g.k;
  const T alpha = static_cast<T>(g.alpha);
  for (uint32_t batch = 0; batch < g.batch; batch++, a += m * k, b += k * n, c += m * n) {
    multiply(routines, g, a, b, c);
    if (!g.has_bias) continue;
    for (size_t i = 0; i < m; i++) {
      for (size_t j = 0; j < n; j++) c[i * n + j] += alpha * bias[j];
    }
  }
}

// OpenBLAS has one number of threads per process.
std::mutex& blas_mutex() {
  static std::mutex& mutex = *new std::mutex;
  return mutex;
}

class GemmOp final : public HostOp {
 public:
  GemmOp(const OpenBlas& blas, const klab_gemm_desc& gemm, unsigned threads)
      : blas_(blas), gemm_(gemm), threads_(threads), bindings_(gemm_bindings(gemm)) {
    info_.name = blas.version + " " + gemm_text(gemm);
    info_.is_baseline = true;
    info_.flags_used = format("threads=%u", threads);
    if (gemm.dtype == KLAB_F16 || gemm.dtype == KLAB_BF16) widened_ = std::make_unique<WidenedGemm>(blas, gemm, threads);
  }

  OpInfo info() const override { return info_; }
  std::span<const Binding> bindings() const override { return bindings_; }

  Error execute(const Dispatch& dispatch, const std::atomic<bool>&) override {
    GemmOperands operands;
    for (const Arg& arg : dispatch.args) {
      void* const data = host_pointer(arg);
      (arg.index == 0 ? operands.a : arg.index == 1 ? operands.b : arg.index == 2 ? operands.c : operands.bias) = data;
    }
    const crash::Scope scope(info_.name.c_str());
    const std::lock_guard lock(blas_mutex());
    blas_.set_num_threads(widened_ ? 1 : static_cast<int>(threads_));
    if (widened_) {
      widened_->run(operands);
    } else if (gemm_.dtype == KLAB_F32) {
      run_direct<float>({blas_}, gemm_, operands);
    } else {
      run_direct<double>({blas_}, gemm_, operands);
    }
    return {};
  }

 private:
  const OpenBlas& blas_;
  const klab_gemm_desc gemm_;
  const unsigned threads_;
  const std::vector<Binding> bindings_;
  OpInfo info_;
  std::unique_ptr<WidenedGemm> widened_;
};

}  // namespace

Error make_gemm_op(const klab_gemm_desc& gemm, unsigned threads, std::unique_ptr<Op>& op) {
  const uint32_t dtype = gemm.dtype;
  if (dtype != KLAB_F16 && dtype != KLAB_BF16 && dtype != KLAB_F32 && dtype != KLAB_F64) {
    return {KLAB_UNSUPPORTED, format("OpenBLAS multiplies f16, bf16, f32 and f64, not %s", scalar_name(dtype))};
  }
  if (gemm.m > INT_MAX || gemm.n > INT_MAX || gemm.k > INT_MAX) {
    return {KLAB_UNSUPPORTED, "OpenBLAS takes sizes up to 2147483647; got " + gemm_text(gemm)};
  }
  const OpenBlas* blas = nullptr;
  if (Error error = load_openblas(blas)) return error;
  op = std::make_unique<GemmOp>(*blas, gemm, threads);
  return {};
}

}  // namespace klab::cpu
