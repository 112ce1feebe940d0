// Constants computed from constants, in steps.
#include <metal_stdlib>
using namespace metal;

constant uint tile [[function_constant(0)]];
constant bool is_wide [[function_constant(1)]];
constant uint elements = tile * tile;
constant uint stride = is_wide ? elements + 4 : elements;
constant bool is_large = stride > 50;
kernel void read(device uint* out [[buffer(0)]]) { out[0] = elements, out[1] = stride, out[2] = is_large; }
