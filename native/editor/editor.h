// What a language server needs beside the MSL library: the words of MSL that C++ does not know.
#pragma once
#include "msl.h"

// `vertex` and `fragment` are left alone: kernels have variables of these names.
#define device
#define threadgroup
#define thread
#define constant
#define kernel

template <class T> bool is_function_constant_defined(const T&);
namespace metal {
using ::is_function_constant_defined;
}

inline constexpr half operator""h(long double value) { return half(value); }
inline constexpr half operator""H(long double value) { return half(value); }
inline constexpr bfloat operator""bf(long double value) { return bfloat(value); }
inline constexpr bfloat operator""BF(long double value) { return bfloat(value); }
