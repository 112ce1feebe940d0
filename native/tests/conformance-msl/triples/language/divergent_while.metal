// The Collatz loop: every thread with a number of steps of its own.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
  uint n = i + 1, steps = 0;
  while (n != 1) {
    n = n % 2 ? 3 * n + 1 : n / 2;
    ++steps;
  }
  out[i] = steps;
}
