// Bytes set by the launch as a struct in constant memory, and as an array.
#include <metal_stdlib>
using namespace metal;

struct Params { int m, n; float alpha; uchar flag; };
kernel void check(device float* out [[buffer(0)]], constant Params& p [[buffer(1)]], constant float* list [[buffer(2)]]) {
  out[0] = p.m * p.n, out[1] = p.alpha, out[2] = p.flag, out[3] = list[0] + list[2];
}
