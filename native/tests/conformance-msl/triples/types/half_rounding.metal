// Floats become halves by rounding to nearest even, with denormals and overflow.
#include <metal_stdlib>
using namespace metal;

kernel void check(device half* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]]) { out[i] = half(in[i]); }
