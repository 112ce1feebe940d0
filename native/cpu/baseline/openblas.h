// OpenBLAS as a system library, found when it is first asked for.
#pragma once
#include <string>

#include "core/device.h"

namespace klab::cpu {

enum CblasOrder : int { row_major = 101 };
enum CblasTranspose : int { no_transpose = 111, transpose = 112 };

// The routines in use, with the 32-bit integers of the usual build.
struct OpenBlas {
  void (*sgemm)(CblasOrder, CblasTranspose, CblasTranspose, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);
  void (*dgemm)(CblasOrder, CblasTranspose, CblasTranspose, int m, int n, int k, double alpha, const double* a, int lda, const double* b, int ldb, double beta, double* c, int ldc);
  void (*sgemv)(CblasOrder, CblasTranspose, int rows, int columns, float alpha, const float* a, int lda, const float* x, int incx, float beta, float* y, int incy);
  void (*dgemv)(CblasOrder, CblasTranspose, int rows, int columns, double alpha, const double* a, int lda, const double* x, int incx, double beta, double* y, int incy);
  void (*set_num_threads)(int threads);
  std::string version;  // "OpenBLAS 0.3.21 Zen"
};

// The library stays loaded. The environment variable KLAB_OPENBLAS names a file to use instead of the system's, or
// "none". TOOL_MISSING says what to install.
Error load_openblas(const OpenBlas*& library);

}  // namespace klab::cpu
