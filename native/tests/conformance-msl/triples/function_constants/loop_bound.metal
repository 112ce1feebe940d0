// A constant as the bound of loops and in a template's call.
#include <metal_stdlib>
using namespace metal;

constant uint rounds [[function_constant(0)]];
template <typename T> static T power(T base) {
  T result = 1;
  for (uint i = 0; i < rounds; ++i) result *= base;
  return result;
}
kernel void powers(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = power(i); }
