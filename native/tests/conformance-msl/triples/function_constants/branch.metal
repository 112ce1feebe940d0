// Code behind a false constant does not run.
#include <metal_stdlib>
using namespace metal;

constant int mode [[function_constant(0)]];
kernel void choose(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
  if (mode == 0) out[i] = -1;
  else if (mode == 1) out[i] = int(i);
  else out[i] = int(i * i);
}
