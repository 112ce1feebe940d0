// The grid is larger than the array and nothing guards the store.
// dispatch: grid=2 threads=64
// buffer 0: float 128 iota
// buffer 1: float 100 undefined
// bytes 2: uint 100
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = 2 * in[i];  // expect: out-of-bounds write 1
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  if (i < n) out[i] = 2 * in[i];
}
