// The stencil's left neighbour of the first element.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const int left = int(i) - 1;
  out[i] = in[i] - in[left];  // expect: out-of-bounds read 0
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const int left = max(int(i) - 1, 0);
  out[i] = in[i] - in[left];
}
