#include "cpu/baseline/direct_gemm.h"

#include <algorithm>

#include "cpu/baseline/activation.h"

namespace klab::cpu {

namespace {

// Pieces begin at whole vectors of the widest kind, as the routines' own blocks do.
constexpr size_t piece_multiple = 16;

// One overload per type, so that the product below is written once.
struct Routines {
  const OpenBlas& blas;

  void gemm(CblasTranspose ta, CblasTranspose tb, int m, int n, int k, double alpha, const float* a, int lda, const float* b, int ldb, double beta, float* c, int ldc) const {
    blas.sgemm(row_major, ta, tb, m, n, k, static_cast<float>(alpha), a, lda, b, ldb, static_cast<float>(beta), c, ldc);
  }
  void gemm(CblasTranspose ta, CblasTranspose tb, int m, int n, int k, double alpha, const double* a, int lda, const double* b, int ldb, double beta, double* c, int ldc) const {
    blas.dgemm(row_major, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }
  void gemv(CblasTranspose t, int rows, int columns, double alpha, const float* a, int lda, const float* x, double beta, float* y) const {
    blas.sgemv(row_major, t, rows, columns, static_cast<float>(alpha), a, lda, x, 1, static_cast<float>(beta), y, 1);
  }
  void gemv(CblasTranspose t, int rows, int columns, double alpha, const double* a, int lda, const double* x, double beta, double* y) const {
    blas.dgemv(row_major, t, rows, columns, alpha, a, lda, x, 1, beta, y, 1);
  }
};

// Part of C: some of its rows and all of its columns, or the other way around.
struct Piece {
  size_t row = 0, column = 0, rows = 0, columns = 0;
};

template <class T>
struct Matrices {
  const T *a, *b, *bias;
  T* c;
};

Piece piece_of(const klab_gemm_desc& g, size_t number, size_t pieces) {
  const bool is_by_column = g.n >= g.m;
  const size_t length = is_by_column ? g.n : g.m;
  const size_t step = ((length + pieces - 1) / pieces + piece_multiple - 1) / piece_multiple * piece_multiple;
  const size_t first = std::min(number * step, length), count = std::min(step, length - first);
  return is_by_column ? Piece{0, first, g.m, count} : Piece{first, 0, count, g.n};
}

template <class T>
void multiply(const Routines& routines, const klab_gemm_desc& g, const Matrices<T>& on, const Piece& piece) {
  const int m = static_cast<int>(piece.rows), n = static_cast<int>(piece.columns), k = static_cast<int>(g.k);
  const int lda = static_cast<int>(g.transpose_a ? g.m : g.k), ldb = static_cast<int>(g.transpose_b ? g.k : g.n), ldc = static_cast<int>(g.n);
  const T* const a = on.a + (g.transpose_a ? piece.row : piece.row * g.k);
  const T* const b = on.b + (g.transpose_b ? piece.column * g.k : piece.column);
  T* const c = on.c + piece.row * g.n + piece.column;
  // Some versions scale the old vector by 0 instead of overwriting it, which keeps a NaN.
  if ((g.m == 1 || g.n == 1) && g.beta == 0) std::fill_n(c, piece.rows * piece.columns, T(0));
  if (g.m == 1) {  // y = op(B)ᵀ · a
    g.transpose_b ? routines.gemv(no_transpose, n, k, g.alpha, b, ldb, a, g.beta, c) : routines.gemv(transpose, k, n, g.alpha, b, ldb, a, g.beta, c);
  } else if (g.n == 1) {  // y = op(A) · b
    g.transpose_a ? routines.gemv(transpose, k, m, g.alpha, a, lda, b, g.beta, c) : routines.gemv(no_transpose, m, k, g.alpha, a, lda, b, g.beta, c);
  } else {
    const CblasTranspose ta = g.transpose_a ? transpose : no_transpose, tb = g.transpose_b ? transpose : no_transpose;
    routines.gemm(ta, tb, m, n, k, g.alpha, a, lda, b, ldb, g.beta, c, ldc);
  }
}

template <class T>
void add_bias(const klab_gemm_desc& g, const Matrices<T>& on, const Piece& piece) {
  const T alpha = static_cast<T>(g.alpha);
  for (size_t i = piece.row; i < piece.row + piece.rows; i++) {
    for (size_t j = piece.column; j < piece.column + piece.columns; j++) on.c[i * g.n + j] += alpha * on.bias[j];
  }
}

template <class T>
void run_typed(const DirectGemm& product, const GemmOperands& operands, const Team& team) {
  const Routines routines{product.blas};
  const klab_gemm_desc& g = product.gemm;
  const size_t pieces = team.threads();
  const size_t m = g.m, n = g.n, k = g.k;
  team.share(g.batch * pieces, [&](uint64_t task, unsigned) {
    const Piece piece = piece_of(g, task % pieces, pieces);
    if (piece.rows == 0 || piece.columns == 0) return;
    const size_t batch = task / pieces;
    const Matrices<T> on{static_cast<const T*>(operands.a) + batch * m * k, static_cast<const T*>(operands.b) + batch * k * n, static_cast<const T*>(operands.bias),
                         static_cast<T*>(operands.c) + batch * m * n};
    multiply(routines, g, on, piece);
    if (g.has_bias) add_bias(g, on, piece);
    if (g.activation != KLAB_ACT_NONE) {
      for (size_t i = piece.row; i < piece.row + piece.rows; i++) activate(g.activation, on.c + i * n + piece.column, piece.columns);
    }
  });
}

}  // namespace

void run_direct(const DirectGemm& product, const GemmOperands& operands, const Team& team) {
  product.gemm.dtype == KLAB_F32 ? run_typed<float>(product, operands, team) : run_typed<double>(product, operands, team);
}

}  // namespace klab::cpu
