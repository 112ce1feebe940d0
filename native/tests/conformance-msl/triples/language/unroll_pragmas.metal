// Loop pragmas with and without counts do not change results.
#include <metal_stdlib>
using namespace metal;

#define COUNT 4
kernel void check(device int* out [[buffer(0)]]) {
  int sum = 0;
#pragma unroll
  for (int i = 0; i < 5; ++i) sum += i;
#pragma unroll(COUNT)
  for (int i = 0; i < 8; ++i) sum += i;
#pragma clang loop unroll(full)
  for (int i = 0; i < 3; ++i) sum += i;
  _Pragma("unroll") for (int i = 0; i < 2; ++i) sum += i;
  out[0] = sum;
}
