// The simdgroup matrices of the kind of build that this is, and what all kinds have alike.
#pragma once
#if defined(KLAB_LEADER)
#include "leader/simdgroup_matrix.h"
#elif defined(KLAB_VECTOR)
#include "vector/simdgroup_matrix.h"
#else
#include "simdgroup_matrix.h"
#endif

namespace metal {

template <class D, class A, class B>
KLAB_MSL_SIMT void simdgroup_multiply(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a, const simdgroup_matrix<B, 8, 8>& b) {
  simdgroup_multiply_accumulate(d, a, b, make_filled_simdgroup_matrix<D, 8, 8>(D(0)));
}
template <class A, class B>
KLAB_MSL_SIMT simdgroup_matrix<A, 8, 8> operator*(const simdgroup_matrix<A, 8, 8>& a, const simdgroup_matrix<B, 8, 8>& b) {
  simdgroup_matrix<A, 8, 8> d;
  simdgroup_multiply(d, a, b);
  return d;
}

using simdgroup_float8x8 = simdgroup_matrix<float, 8, 8>;
using simdgroup_half8x8 = simdgroup_matrix<half, 8, 8>;
using simdgroup_bfloat8x8 = simdgroup_matrix<bfloat, 8, 8>;

}  // namespace metal
