// What generated code needs between the runtime's view of a kernel (kernel_abi.h) and its C++ signature.
#pragma once
#include "kernel_abi.h"
#if defined(KLAB_VECTOR)
#include "vector/lanes.h"
#endif

namespace klab_msl {

template <class F>
struct signature;
template <class R, class... P>
struct signature<R(P...)> {
  template <unsigned i>
  using parameter = __type_pack_element<i, P...>;
};
template <class F, unsigned i>
using parameter = typename signature<F>::template parameter<i>;

// A buffer as the kernel's parameter i: a pointer, or a reference to one value.
template <class F, unsigned i>
inline __attribute__((always_inline)) parameter<F, i> bind(void* memory) {
  using P = parameter<F, i>;
  if constexpr (__is_lvalue_reference(P)) {
    return *static_cast<__remove_reference_t(P)*>(memory);
  } else {
    return static_cast<P>(memory);
  }
}

// Buffers at consecutive indices as the kernel's parameter i, a metal::array of pointers.
template <class F, unsigned i>
inline __attribute__((always_inline)) auto bind_array(void* const* memory) {
  __remove_cv(__remove_reference_t(parameter<F, i>)) all{};
  for (size_t k = 0; k < all.size(); k++) all[k] = static_cast<__remove_reference_t(decltype(all[k]))>(memory[k]);
  return all;
}

// A thread position as the kernel's parameter i: a scalar or a vector of two or three.
template <class F, unsigned i>
inline __attribute__((always_inline)) auto position(klab_uint3 from) {
  using P = __remove_cv(__remove_reference_t(parameter<F, i>));
  if constexpr (requires(P p) { p.z; }) {
    P value{};
    value.x = from.x, value.y = from.y, value.z = from.z;
    return value;
  } else if constexpr (requires(P p) { p.y; }) {
    P value{};
    value.x = from.x, value.y = from.y;
    return value;
  } else {
    return P(from.x);
  }
}

// Bytes of what parameter i points to; 0 when only a pointer is known.
template <class F, unsigned i>
constexpr uint32_t pointee_bytes() {
  using T = __remove_pointer(__remove_reference_t(parameter<F, i>));
  if constexpr (__is_void(T)) {
    return 0;
  } else if constexpr (requires { sizeof(T); }) {
    return sizeof(T);
  } else {
    return 0;
  }
}

inline __attribute__((always_inline)) klab_uint3 times_plus(klab_uint3 a, klab_uint3 b, klab_uint3 c) {
  return {a.x * b.x + c.x, a.y * b.y + c.y, a.z * b.z + c.z};
}

inline constexpr size_t largest(size_t a, size_t b) { return a > b ? a : b; }

// 16: a tile of scalars is often read as vectors.
template <class T, size_t alignment = 16>
inline __attribute__((always_inline)) T& threadgroup_variable(uint32_t slot) {
  return *static_cast<T*>(klab_threadgroup_variable(slot, sizeof(T), largest(alignment, alignof(T))));
}

// Variables in templates: one slot for each instantiation (a tag type each), dealt when the library is loaded. Slots
// below `base` belong to variables outside templates.
inline uint32_t slots_dealt = 0;
template <class Tag>
inline const uint32_t slot_of = slots_dealt++;

template <class Tag, uint32_t base, class T, size_t alignment = 16>
inline __attribute__((always_inline)) T& threadgroup_variable_of() {
  return threadgroup_variable<T, alignment>(base + slot_of<Tag>);
}

// A function constant while a source is only checked: of its type, and of no known value.
template <class T>
T unknown_constant();

}  // namespace klab_msl
