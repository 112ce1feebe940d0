// Constants in a namespace, used by a kernel outside of it.
#include <metal_stdlib>
using namespace metal;

namespace settings {
constant float alpha [[function_constant(2)]];
constant float twice = alpha * 2;
}
kernel void read(device float* out [[buffer(0)]]) { out[0] = settings::alpha, out[1] = settings::twice; }
