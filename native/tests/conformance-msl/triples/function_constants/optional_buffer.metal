// A parameter behind a constant is there only when the constant is true.
#include <metal_stdlib>
using namespace metal;

constant bool has_bias [[function_constant(0)]];
constant bool has_scale [[function_constant(1)]];
constant bool has_both = has_bias && has_scale;
kernel void apply(device float* out [[buffer(0)]], device const float* bias [[buffer(1), function_constant(has_bias)]],
                  device const float* scale [[buffer(2), function_constant(has_scale)]], device const float* both [[function_constant(has_both), buffer(3)]],
                  uint i [[thread_position_in_grid]]) {
  float v = i;
  if (has_bias) v += bias[i];
  if (has_scale) v *= scale[i];
  if (has_both) v += both[i];
  out[i] = v;
}
