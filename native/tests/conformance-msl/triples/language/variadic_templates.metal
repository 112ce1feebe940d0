// Parameter packs, folds by recursion, sizeof..., and if constexpr.
#include <metal_stdlib>
using namespace metal;

template <typename T> static T total(T v) { return v; }
template <typename T, typename... Rest> static T total(T v, Rest... rest) { return v + total(rest...); }
template <typename... A> static int count(A...) { return sizeof...(A); }
template <typename T> static int kind(T) {
  if constexpr (is_integral_v<T>) return 1;
  else if constexpr (is_floating_point_v<T>) return 2;
  else return 3;
}
kernel void check(device float* out [[buffer(0)]]) {
  out[0] = total(1.5f, 2, 3u), out[1] = count(1, 2.0h, 3.0f, uint2(1)), out[2] = kind(3), out[3] = kind(3.0h), out[4] = kind(int2(1));
}
