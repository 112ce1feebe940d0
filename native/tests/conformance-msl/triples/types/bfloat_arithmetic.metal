// Arithmetic between bfloats rounds to bfloat at each operation; with a float it is float arithmetic.
#include <metal_stdlib>
using namespace metal;

kernel void check(device bfloat* out [[buffer(0)]], device float* wide [[buffer(1)]], device const bfloat* in [[buffer(2)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const bfloat a = in[i], b = in[n + i];
  out[i] = a + b, out[n + i] = a - b, out[2 * n + i] = a * b, out[3 * n + i] = a / b, out[4 * n + i] = -a, out[5 * n + i] = a * b + a;
  wide[i] = a * 1.5f + b;
}
