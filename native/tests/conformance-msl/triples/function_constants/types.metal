// Values of every scalar type; the ones without a value are not asked for.
#include <metal_stdlib>
using namespace metal;

constant bool flag [[function_constant(0)]];
constant int number [[function_constant(1)]];
constant uint count [[function_constant(2)]];
constant float scale [[function_constant(3)]];
constant short small [[function_constant(4)]];
constant uchar byte [[function_constant(5)]];
constant half fraction [[function_constant(6)]];
kernel void read(device float* out [[buffer(0)]]) {
  out[0] = flag ? 1 : 0, out[1] = number, out[2] = count, out[3] = scale, out[4] = small, out[5] = byte, out[6] = fraction;
}
