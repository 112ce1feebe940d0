// Both namespaces have every function, for vectors and halves too.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]]) {
  out[0] = fast::exp2(3.0f), out[1] = precise::exp2(3.0f), out[2] = fast::sqrt(float2(4, 9)).y, out[3] = precise::rsqrt(0.25f), out[4] = fast::clamp(3.0f, 0.0f, 1.0f), out[5] = precise::fma(2.0f, 3.0f, 1.0f);
  out[6] = fast::divide(6.0f, 3.0f), out[7] = precise::divide(6.0f, 3.0f), out[8] = fast::length(float2(3, 4)), out[9] = fast::normalize(float2(0, 5)).y, out[10] = precise::pow(2.0f, 10.0f), out[11] = fast::max(1.0f, 2.0f);
}
