// The bias of columns that do not exist is read before the store is guarded.
// dispatch: grid=1 threads=32
// buffer 0: float 24 iota
// buffer 1: float 24 undefined
// buffer 2: float 24 ones
// bytes 3: uint 24
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device const float* bias [[buffer(2)]], constant uint& n [[buffer(3)]], uint i [[thread_position_in_grid]]) {
  const float b = bias[i];  // expect: out-of-bounds read 2
  if (i < n) out[i] = in[i] + b;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], device const float* bias [[buffer(2)]], constant uint& n [[buffer(3)]], uint i [[thread_position_in_grid]]) {
  const float b = i < n ? bias[i] : 0;
  if (i < n) out[i] = in[i] + b;
}
