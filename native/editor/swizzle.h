// Stands in for the library's swizzle.h, which it includes by another name. A swizzle is a property here: it is read and
// assigned as kernels write it, without the parentheses that the pre-pass adds.
#pragma once
#include "library_swizzle.h"

#undef KLAB_MSL_R2
#undef KLAB_MSL_R3
#undef KLAB_MSL_R4
#undef KLAB_MSL_W2
#undef KLAB_MSL_W3
#undef KLAB_MSL_W4

// Each vector has the word xy once, and with it come the functions behind all words of that vector.
#define KLAB_EDITOR_ACCESSORS()             \
  metal::vec<T, 2> __klab_get2() const;     \
  metal::vec<T, 3> __klab_get3() const;     \
  metal::vec<T, 4> __klab_get4() const;     \
  template <int N> void __klab_put(metal::vec<T, N>);
#define KLAB_EDITOR_NOTHING()
#define KLAB_EDITOR_FIRST_xy ~, KLAB_EDITOR_ACCESSORS
#define KLAB_EDITOR_SECOND(a, b, ...) b
#define KLAB_EDITOR_CHOOSE(...) KLAB_EDITOR_SECOND(__VA_ARGS__, KLAB_EDITOR_NOTHING, ~)

#define KLAB_MSL_W2(a, b)                           \
  KLAB_EDITOR_CHOOSE(KLAB_EDITOR_FIRST_##a##b)()    \
  __declspec(property(get = __klab_get2, put = __klab_put)) metal::vec<T, 2> a##b;
#define KLAB_MSL_W3(a, b, c) __declspec(property(get = __klab_get3, put = __klab_put)) metal::vec<T, 3> a##b##c;
#define KLAB_MSL_W4(a, b, c, d) __declspec(property(get = __klab_get4, put = __klab_put)) metal::vec<T, 4> a##b##c##d;
#define KLAB_MSL_R2(a, b) __declspec(property(get = __klab_get2)) metal::vec<T, 2> a##b;
#define KLAB_MSL_R3(a, b, c) __declspec(property(get = __klab_get3)) metal::vec<T, 3> a##b##c;
#define KLAB_MSL_R4(a, b, c, d) __declspec(property(get = __klab_get4)) metal::vec<T, 4> a##b##c##d;
