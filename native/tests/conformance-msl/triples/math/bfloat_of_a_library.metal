// The language has no mathematics on bfloats: libraries add overloads to namespace metal and to fast, over the built-in
// functions, as this one does; others convert by hand.
#include <metal_stdlib>
using namespace metal;

namespace metal {
METAL_FUNC bfloat sqrt(bfloat x) { return static_cast<bfloat>(__metal_sqrt(static_cast<float>(x), __METAL_MAYBE_FAST_MATH__)); }
METAL_FUNC bfloat max(bfloat x, bfloat y) { return static_cast<bfloat>(__metal_fmax(static_cast<float>(x), static_cast<float>(y), __METAL_MAYBE_FAST_MATH__)); }
METAL_FUNC bool isnan(bfloat x) { return x != x; }
namespace fast {
METAL_FUNC bfloat sqrt(bfloat x) { return metal::sqrt(x); }
}
}
kernel void check(device bfloat* out [[buffer(0)]], device const bfloat* in [[buffer(1)]]) {
  out[0] = metal::sqrt(in[0]), out[1] = metal::max(in[0], in[1]), out[2] = metal::fast::sqrt(in[1]), out[3] = bfloat(metal::exp2(float(in[2])));
  out[4] = is_same_v<decltype(metal::sqrt(in[0])), bfloat> ? bfloat(1.0f) : bfloat(0.0f);
}
