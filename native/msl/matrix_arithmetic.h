// The order of arithmetic of simdgroup matrices, one for all kinds of build: d = a · b + c is computed in float, whatever
// the types: c first, then the eight products in order of k, each a fused multiply-add where the processor has one; the
// result is rounded to d's type once. Fast math changes none of it, so that builds agree to the bit.
// Hardware rounds half accumulators at least once per such step as well, so a chain of steps behaves alike, but bits may
// differ from a GPU's.
#pragma once
#include "macros.h"

namespace klab_msl {

// Native vectors of float, by value: rows of memory need not be aligned as V is. Left to contraction, a product that is used twice would not be fused.
template <class V> KLAB_MSL_FN V multiply_add(V a, V b, V c) {
#pragma float_control(precise, on)
#pragma clang fp contract(off)
#if !defined(__FMA__) && !defined(__aarch64__)
  return a * b + c;
#elif __has_builtin(__builtin_elementwise_fma)
  return __builtin_elementwise_fma(a, b, c);
#else
  V out;
  for (unsigned i = 0; i < sizeof(V) / sizeof(float); i++) out[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return out;
#endif
}
template <class V> KLAB_MSL_FN V multiply_add(float a, V b, V c) {
  V all;
  for (unsigned i = 0; i < sizeof(V) / sizeof(float); i++) all[i] = a;
  return multiply_add(all, b, c);
}

}  // namespace klab_msl
