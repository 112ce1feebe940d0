// A buffer of half is read as one of float: its end comes twice as early.
// dispatch: grid=1 threads=64
// buffer 0: half 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const half* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = ((device const float*)in)[i];  // expect: out-of-bounds read 0
}

kernel void clean(device const half* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i];
}
