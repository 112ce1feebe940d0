// Qualifiers in every place that kernels put them.
#include <metal_stdlib>
using namespace metal;

static float first(const device float* const p) { return *p; }
static float second(device const float* __restrict p) { return p[1]; }
kernel void check(device float* __restrict out [[buffer(0)]], const device float* in [[buffer(1)]], const constant uint& n [[buffer(2)]]) {
  volatile float v = in[2];
  const float c = v;
  out[0] = first(in), out[1] = second(in), out[2] = c, out[3] = n;
}
