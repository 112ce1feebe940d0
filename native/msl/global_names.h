// Names that kernels use without metal::, with or without a using directive.
#pragma once
#include "any_simdgroup_matrix.h"
#include "matrix.h"

using metal::as_type;
using metal::matrix;
using metal::simdgroup_bfloat8x8;
using metal::simdgroup_float8x8;
using metal::simdgroup_half8x8;
using metal::vec;

#define KLAB_MSL_GLOBAL_VECTORS(t)                                                  \
  using metal::t##2; using metal::t##3; using metal::t##4;                          \
  using metal::packed_##t##2; using metal::packed_##t##3; using metal::packed_##t##4;
KLAB_MSL_GLOBAL_VECTORS(bool)
KLAB_MSL_GLOBAL_VECTORS(char)
KLAB_MSL_GLOBAL_VECTORS(uchar)
KLAB_MSL_GLOBAL_VECTORS(short)
KLAB_MSL_GLOBAL_VECTORS(ushort)
KLAB_MSL_GLOBAL_VECTORS(int)
KLAB_MSL_GLOBAL_VECTORS(uint)
KLAB_MSL_GLOBAL_VECTORS(long)
KLAB_MSL_GLOBAL_VECTORS(ulong)
KLAB_MSL_GLOBAL_VECTORS(half)
KLAB_MSL_GLOBAL_VECTORS(bfloat)
KLAB_MSL_GLOBAL_VECTORS(float)
#undef KLAB_MSL_GLOBAL_VECTORS

#define KLAB_MSL_GLOBAL_MATRICES(t)                                                       \
  using metal::t##2x2; using metal::t##2x3; using metal::t##2x4; using metal::t##3x2;     \
  using metal::t##3x3; using metal::t##3x4; using metal::t##4x2; using metal::t##4x3; using metal::t##4x4;
KLAB_MSL_GLOBAL_MATRICES(float)
KLAB_MSL_GLOBAL_MATRICES(half)
#undef KLAB_MSL_GLOBAL_MATRICES
