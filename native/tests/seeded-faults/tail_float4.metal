// The last vector load reaches past an array whose length is no multiple of four.
// dispatch: grid=1 threads=32
// buffer 0: float 126 iota
// buffer 1: float 32 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const float4 v = ((device const float4*)in)[i];  // expect: out-of-bounds read 0
  out[i] = v.x + v.y + v.z + v.w;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  float sum = 0;
  for (uint j = 4 * i; j < min(4 * i + 4, 126u); j++) sum += in[j];
  out[i] = sum;
}
