// Every operation on halves rounds to half, also within an expression.
#include <metal_stdlib>
using namespace metal;

kernel void check(device half* out [[buffer(0)]], device const half* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const half a = in[i], b = in[n + i];
  out[i] = a + b, out[n + i] = a - b, out[2 * n + i] = a * b, out[3 * n + i] = a / b, out[4 * n + i] = (a + b) - b, out[5 * n + i] = (a * b) * 0.5h;
}
