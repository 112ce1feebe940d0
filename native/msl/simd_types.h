// What <simd/simd.h> names when it is compiled for the GPU: the same types under the names that headers shared with the
// host use.
#pragma once
#include "containers.h"
#include "matrix.h"

namespace simd {
using namespace metal;
}

#define KLAB_MSL_SIMD_VECTORS(t)                                                      \
  using vector_##t##2 = metal::t##2; using vector_##t##3 = metal::t##3; using vector_##t##4 = metal::t##4; \
  using simd_##t##2 = metal::t##2; using simd_##t##3 = metal::t##3; using simd_##t##4 = metal::t##4;       \
  using simd_packed_##t##2 = metal::packed_##t##2; using simd_packed_##t##4 = metal::packed_##t##4;
KLAB_MSL_SIMD_VECTORS(char)
KLAB_MSL_SIMD_VECTORS(uchar)
KLAB_MSL_SIMD_VECTORS(short)
KLAB_MSL_SIMD_VECTORS(ushort)
KLAB_MSL_SIMD_VECTORS(int)
KLAB_MSL_SIMD_VECTORS(uint)
KLAB_MSL_SIMD_VECTORS(long)
KLAB_MSL_SIMD_VECTORS(ulong)
KLAB_MSL_SIMD_VECTORS(half)
KLAB_MSL_SIMD_VECTORS(float)
#undef KLAB_MSL_SIMD_VECTORS

#define KLAB_MSL_SIMD_MATRICES(t)                                                                                                        \
  using matrix_##t##2x2 = metal::t##2x2; using matrix_##t##2x3 = metal::t##2x3; using matrix_##t##2x4 = metal::t##2x4;                   \
  using matrix_##t##3x2 = metal::t##3x2; using matrix_##t##3x3 = metal::t##3x3; using matrix_##t##3x4 = metal::t##3x4;                   \
  using matrix_##t##4x2 = metal::t##4x2; using matrix_##t##4x3 = metal::t##4x3; using matrix_##t##4x4 = metal::t##4x4;                   \
  using simd_##t##2x2 = metal::t##2x2; using simd_##t##2x3 = metal::t##2x3; using simd_##t##2x4 = metal::t##2x4;                         \
  using simd_##t##3x2 = metal::t##3x2; using simd_##t##3x3 = metal::t##3x3; using simd_##t##3x4 = metal::t##3x4;                         \
  using simd_##t##4x2 = metal::t##4x2; using simd_##t##4x3 = metal::t##4x3; using simd_##t##4x4 = metal::t##4x4;
KLAB_MSL_SIMD_MATRICES(half)
KLAB_MSL_SIMD_MATRICES(float)
#undef KLAB_MSL_SIMD_MATRICES

using vector_bool2 = metal::bool2;
using vector_bool3 = metal::bool3;
using vector_bool4 = metal::bool4;
using simd_bool = bool;
