// metal::array and metal::uniform.
#pragma once
#include "quad.h"

namespace metal {

template <class T, size_t N> struct array {
  using value_type = T;
  T elements[N];

  KLAB_MSL_FN constexpr T& operator[](size_t i) { return elements[i]; }
  KLAB_MSL_FN constexpr const T& operator[](size_t i) const { return elements[i]; }
  KLAB_MSL_FN constexpr T& at(size_t i) { return elements[i]; }
  KLAB_MSL_FN constexpr const T& at(size_t i) const { return elements[i]; }
  KLAB_MSL_FN constexpr T& front() { return elements[0]; }
  KLAB_MSL_FN constexpr const T& front() const { return elements[0]; }
  KLAB_MSL_FN constexpr T& back() { return elements[N - 1]; }
  KLAB_MSL_FN constexpr const T& back() const { return elements[N - 1]; }
  KLAB_MSL_FN constexpr T* data() { return elements; }
  KLAB_MSL_FN constexpr const T* data() const { return elements; }
  KLAB_MSL_FN constexpr T* begin() { return elements; }
  KLAB_MSL_FN constexpr const T* begin() const { return elements; }
  KLAB_MSL_FN constexpr T* end() { return elements + N; }
  KLAB_MSL_FN constexpr const T* end() const { return elements + N; }
  KLAB_MSL_FN constexpr void fill(const T& value) { for (T& e : elements) e = value; }
  static constexpr size_t size() { return N; }
  static constexpr size_t max_size() { return N; }
  static constexpr bool empty() { return N == 0; }
};

// A view of an array, of Metal 2.
template <class T> struct array_ref {
  const T* first = nullptr;
  size_t count = 0;
  array_ref() = default;
  KLAB_MSL_FN constexpr array_ref(const T* elements, size_t n) : first(elements), count(n) {}
  template <size_t N> KLAB_MSL_FN constexpr array_ref(const T (&elements)[N]) : first(elements), count(N) {}
  template <size_t N> KLAB_MSL_FN constexpr array_ref(const array<T, N>& elements) : first(elements.data()), count(N) {}
  KLAB_MSL_FN constexpr const T& operator[](size_t i) const { return first[i]; }
  KLAB_MSL_FN constexpr const T* begin() const { return first; }
  KLAB_MSL_FN constexpr const T* end() const { return first + count; }
  KLAB_MSL_FN constexpr size_t size() const { return count; }
  KLAB_MSL_FN constexpr bool empty() const { return count == 0; }
};

// A value that the programmer promises to be alike in all threads. Nothing is made of the promise here.
template <class T> struct uniform {
  T value;
  uniform() = default;
  KLAB_MSL_FN constexpr uniform(T v) : value(v) {}
  template <class U> requires(std::is_convertible_v<U, T> && !std::is_same_v<U, T>)
  KLAB_MSL_FN constexpr uniform(const uniform<U>& other) : value(T(other.value)) {}
  KLAB_MSL_FN constexpr operator T() const { return value; }
};
template <class T> KLAB_MSL_FN constexpr uniform<T> make_uniform(T v) { return uniform<T>(v); }

// What two of them make is one again. By their conversion alone the operators of a class to which every number converts
// would be as near as the builtin ones.
#define KLAB_MSL_UNIFORM(op)                                                                                         \
  template <class T, class U> requires requires(T a, U b) { a op b; }                                                \
  KLAB_MSL_FN constexpr auto operator op(uniform<T> a, uniform<U> b) { return make_uniform(a.value op b.value); }
#define KLAB_MSL_UNIFORM_ARITHMETIC(op)                                                                              \
  KLAB_MSL_UNIFORM(op)                                                                                               \
  template <class T, class U> requires std::is_convertible_v<U, T>                                                   \
  KLAB_MSL_FN constexpr uniform<T>& operator op##=(uniform<T>& a, U b) { return a = T(a.value op T(b)); }
KLAB_MSL_UNIFORM_ARITHMETIC(+)
KLAB_MSL_UNIFORM_ARITHMETIC(-)
KLAB_MSL_UNIFORM_ARITHMETIC(*)
KLAB_MSL_UNIFORM_ARITHMETIC(/)
KLAB_MSL_UNIFORM_ARITHMETIC(%)
KLAB_MSL_UNIFORM_ARITHMETIC(&)
KLAB_MSL_UNIFORM_ARITHMETIC(|)
KLAB_MSL_UNIFORM_ARITHMETIC(^)
KLAB_MSL_UNIFORM_ARITHMETIC(<<)
KLAB_MSL_UNIFORM_ARITHMETIC(>>)
KLAB_MSL_UNIFORM(==)
KLAB_MSL_UNIFORM(!=)
KLAB_MSL_UNIFORM(<)
KLAB_MSL_UNIFORM(>)
KLAB_MSL_UNIFORM(<=)
KLAB_MSL_UNIFORM(>=)
#undef KLAB_MSL_UNIFORM_ARITHMETIC
#undef KLAB_MSL_UNIFORM
template <class T> KLAB_MSL_FN constexpr auto operator-(uniform<T> a) { return make_uniform(-a.value); }

// Logging compiles and says nothing.
struct os_log {
  constexpr os_log(const char*, const char*) {}
  template <class... A> void log(const char*, const A&...) const {}
  template <class... A> void log_debug(const char*, const A&...) const {}
  template <class... A> void log_info(const char*, const A&...) const {}
  template <class... A> void log_error(const char*, const A&...) const {}
  template <class... A> void log_fault(const char*, const A&...) const {}
};
inline constexpr os_log os_log_default{"", ""};

}  // namespace metal
