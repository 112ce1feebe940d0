// is_function_constant_defined, and the default it makes possible.
#include <metal_stdlib>
using namespace metal;

constant int given [[function_constant(0)]];
constant int left_out [[function_constant(1)]];
constant int a = is_function_constant_defined(given) ? given : 10;
constant int b = is_function_constant_defined(left_out) ? left_out : 20;
kernel void read(device int* out [[buffer(0)]]) {
  out[0] = a, out[1] = b;
  out[2] = is_function_constant_defined(given), out[3] = is_function_constant_defined(left_out);
}
