// The Metal Shading Language's standard library in C++20, for clang 16 or newer. Precompile this header; then kernels
// that the pre-pass has rewritten compile as C++.
//
// Flags the library counts on: -std=c++20 -Xclang -ffloat16-excess-precision=none -fsigned-char -fno-math-errno
// -Wno-c++11-narrowing. Keep infinities and NaNs honest (-fno-finite-math-only): kernels start maxima at -INFINITY.
#pragma once
#include "apple_builtins.h"
#include "async_copy.h"
#include "global_names.h"
#include "simd_types.h"
