// Threads that return at different places of nested loops.
#include <metal_stdlib>
using namespace metal;

static int search(device const int* in, int row, int wanted) {
  for (int i = 0; i < 4; ++i) {
    if (in[row * 4 + i] < 0) return -1;
    for (int j = 0; j <= i; ++j)
      if (in[row * 4 + i] + j == wanted) return i * 10 + j;
  }
  return -2;
}
kernel void check(device int* out [[buffer(0)]], device const int* in [[buffer(1)]], constant int& wanted [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = search(in, i, wanted);
}
