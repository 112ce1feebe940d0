// A kernel, a struct and a function with names that the library has in metal.
#include <metal_stdlib>
using namespace metal;

struct array_of { int n; };
static float saturate_sum(float a, float b) { return metal::saturate(a + b); }
kernel void normalize(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = saturate_sum(i, -0.5f); }
