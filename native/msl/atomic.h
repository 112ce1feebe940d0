// Atomics on device and threadgroup memory. Every order is accepted; relaxed is what the hardware gives most of them.
#pragma once
#include "convert.h"
#include "sync.h"

namespace metal {

template <class T> struct atomic {
  static_assert(std::is_same_v<T, int> || std::is_same_v<T, uint> || std::is_same_v<T, bool> || std::is_same_v<T, float> ||
                    std::is_same_v<T, ulong> || std::is_same_v<T, long>,
                "atomic<T> needs int, uint, bool, float or ulong");
  T value;
};
template <class T> using _atomic = atomic<T>;
using atomic_int = atomic<int>;
using atomic_uint = atomic<uint>;
using atomic_bool = atomic<bool>;
using atomic_float = atomic<float>;
using atomic_ulong = atomic<ulong>;

}  // namespace metal

namespace klab_msl {

template <class T> using atomic_bits = std::conditional_t<sizeof(T) == 8, uint64_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint8_t>>;
template <class T> KLAB_MSL_FN volatile atomic_bits<T>* bits_at(volatile metal::atomic<T>* p) {
  return reinterpret_cast<volatile atomic_bits<T>*>(&p->value);
}
template <class T> KLAB_MSL_FN atomic_bits<T> bits_from(T v) { return __builtin_bit_cast(atomic_bits<T>, v); }

// Applies f to the old value until nobody came in between; returns the old value.
template <class T, class F> KLAB_MSL_FN T update(volatile metal::atomic<T>* p, F f) {
  atomic_bits<T> old = __atomic_load_n(bits_at(p), __ATOMIC_RELAXED);
  for (;;) {
    const T before = __builtin_bit_cast(T, old);
    const atomic_bits<T> after = bits_from<T>(f(before));
    if (__atomic_compare_exchange_n(bits_at(p), &old, after, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return before;
  }
}

}  // namespace klab_msl

namespace metal {

template <class T> KLAB_MSL_FN T atomic_load_explicit(const volatile atomic<T>* p, memory_order) {
  return __builtin_bit_cast(T, __atomic_load_n(klab_msl::bits_at(const_cast<volatile atomic<T>*>(p)), __ATOMIC_RELAXED));
}
template <class T> KLAB_MSL_FN void atomic_store_explicit(volatile atomic<T>* p, std::type_identity_t<T> v, memory_order) {
  __atomic_store_n(klab_msl::bits_at(p), klab_msl::bits_from<T>(v), __ATOMIC_RELAXED);
}
template <class T> KLAB_MSL_FN T atomic_exchange_explicit(volatile atomic<T>* p, std::type_identity_t<T> v, memory_order) {
  return __builtin_bit_cast(T, __atomic_exchange_n(klab_msl::bits_at(p), klab_msl::bits_from<T>(v), __ATOMIC_RELAXED));
}
template <class T>
KLAB_MSL_FN bool atomic_compare_exchange_weak_explicit(volatile atomic<T>* p, T* expected, std::type_identity_t<T> desired,
                                                       memory_order, memory_order) {
  auto old = klab_msl::bits_from<T>(*expected);
  const bool is_done =
      __atomic_compare_exchange_n(klab_msl::bits_at(p), &old, klab_msl::bits_from<T>(desired), false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  *expected = __builtin_bit_cast(T, old);
  return is_done;
}

#define KLAB_MSL_FETCH(name, constraint, expression)                                                             \
  template <class T> requires(constraint)                                                                        \
  KLAB_MSL_FN T atomic_fetch_##name##_explicit(volatile atomic<T>* p, std::type_identity_t<T> v, memory_order) { \
    return klab_msl::update(p, [&](T old) KLAB_MSL_LAMBDA { return T(expression); });                            \
  }
KLAB_MSL_FETCH(add, (!std::is_same_v<T, bool>), old + v)
KLAB_MSL_FETCH(sub, (!std::is_same_v<T, bool>), old - v)
KLAB_MSL_FETCH(min, (!std::is_same_v<T, bool>), v < old ? v : old)
KLAB_MSL_FETCH(max, (!std::is_same_v<T, bool>), old < v ? v : old)
KLAB_MSL_FETCH(and, is_integral_v<T>, old & v)
KLAB_MSL_FETCH(or, is_integral_v<T>, old | v)
KLAB_MSL_FETCH(xor, is_integral_v<T>, old ^ v)
#undef KLAB_MSL_FETCH

KLAB_MSL_FN void atomic_min_explicit(volatile atomic<ulong>* p, ulong v, memory_order order) { atomic_fetch_min_explicit(p, v, order); }
KLAB_MSL_FN void atomic_max_explicit(volatile atomic<ulong>* p, ulong v, memory_order order) { atomic_fetch_max_explicit(p, v, order); }

}  // namespace metal
