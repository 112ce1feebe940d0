#include <metal_stdlib>
// Everything by its qualified name.
kernel void check(device float* out [[buffer(0)]]) {
  metal::float3 v(1, 2, 2);
  const metal::half2 h(0.5h, 2.0h);
  out[0] = metal::length(v), out[1] = metal::max(1.0f, 2.0f), out[2] = h.y, out[3] = metal::fast::sqrt(4.0f) + metal::precise::sqrt(9.0f);
}
