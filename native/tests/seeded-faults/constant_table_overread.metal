// A table in constant memory is indexed by lane, and is half as long as a simdgroup.
// dispatch: grid=1 threads=32
// buffer 0: float 32 iota
// buffer 1: float 32 undefined
// buffer 2: float 16 ones
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant float* table [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] * table[i];  // expect: out-of-bounds read 2
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant float* table [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i] * table[i % 16];
}
