// Floats become bfloats by rounding to nearest even.
#include <metal_stdlib>
using namespace metal;

kernel void check(device bfloat* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) { out[i] = bfloat(in[i]); }
