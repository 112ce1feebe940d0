// The reductions and scans that simd.h and quad.h both have, over whichever way lanes meet.
#pragma once
#if defined(KLAB_VECTOR)
#include "vector/meeting.h"
#else
#include "meeting.h"
#endif

namespace klab_msl {

template <class T> KLAB_MSL_FN constexpr T lowest_value() {
  using E = element<T>;
  if constexpr (Real<E>) return T(-metal::numeric_limits<E>::infinity());
  else return T(metal::numeric_limits<E>::lowest());
}
template <class T> KLAB_MSL_FN constexpr T highest_value() {
  using E = element<T>;
  if constexpr (Real<E>) return T(metal::numeric_limits<E>::infinity());
  else return T(metal::numeric_limits<E>::max());
}

// How two lanes' values become one; `together` is the same for native vectors of them. The order in which lanes are
// combined is part of the result: fast math must not change it.
struct Add {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const {
#pragma float_control(precise, on)
    return T(a + b);
  }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const {
#pragma float_control(precise, on)
    return a + b;
  }
};
struct Multiply {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const {
#pragma float_control(precise, on)
    return T(a * b);
  }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const {
#pragma float_control(precise, on)
    return a * b;
  }
};
struct And {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const { return T(a & b); }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const { return a & b; }
};
struct Or {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const { return T(a | b); }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const { return a | b; }
};
struct Xor {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const { return T(a ^ b); }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const { return a ^ b; }
};
// a where neither is less, and the other one where one is NaN, as metal::min and max.
struct Minimum {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const { return T(metal::min(a, b)); }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const { return a != a ? b : b < a ? b : a; }
};
struct Maximum {
  template <class T> KLAB_MSL_FN T operator()(const T& a, const T& b) const { return T(metal::max(a, b)); }
  template <class V> KLAB_MSL_FN V together(const V& a, const V& b) const { return a != a ? b : a < b ? b : a; }
};

}  // namespace klab_msl

// Defines prefix##_sum and so on from `reduce_fn` and `scan_fn`.
#define KLAB_MSL_REDUCTIONS(prefix, reduce_fn, scan_fn)                                                                    \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_sum(T v) { return reduce_fn(v, T(0), klab_msl::Add{}); }      \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_product(T v) { return reduce_fn(v, T(1), klab_msl::Multiply{}); } \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_min(T v) { return reduce_fn(v, klab_msl::highest_value<T>(), klab_msl::Minimum{}); } \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_max(T v) { return reduce_fn(v, klab_msl::lowest_value<T>(), klab_msl::Maximum{}); }  \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_and(T v) { return reduce_fn(v, T(~T(0)), klab_msl::And{}); }  \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_or(T v) { return reduce_fn(v, T(0), klab_msl::Or{}); }        \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_xor(T v) { return reduce_fn(v, T(0), klab_msl::Xor{}); }      \
  KLAB_MSL_SIMT bool prefix##_all(bool v) { return reduce_fn(uint(v), 1u, klab_msl::And{}) != 0; }                           \
  KLAB_MSL_SIMT bool prefix##_any(bool v) { return reduce_fn(uint(v), 0u, klab_msl::Or{}) != 0; }                            \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_prefix_inclusive_sum(T v) { return scan_fn<true>(v, T(0), klab_msl::Add{}); }        \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_prefix_exclusive_sum(T v) { return scan_fn<false>(v, T(0), klab_msl::Add{}); }       \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_prefix_inclusive_product(T v) { return scan_fn<true>(v, T(1), klab_msl::Multiply{}); } \
  template <klab_msl::Exchangeable T> KLAB_MSL_SIMT T prefix##_prefix_exclusive_product(T v) { return scan_fn<false>(v, T(1), klab_msl::Multiply{}); }
