// enable_if, conditional, is_same and their like on MSL's types.
#include <metal_stdlib>
using namespace metal;

template <typename T, enable_if_t<is_floating_point_v<T>, bool> = true> static int classify(T) { return 1; }
template <typename T, enable_if_t<is_integral<T>::value && is_signed<T>::value, bool> = true> static int classify(T) { return 2; }
template <typename T, typename = enable_if_t<is_unsigned<T>::value>> static int classify(T, int = 0) { return 3; }
kernel void check(device int* out [[buffer(0)]]) {
  out[0] = classify(1.0h), out[1] = classify(short(1)), out[2] = classify(1u);
  out[3] = is_same_v<conditional_t<(sizeof(int) > 2), half, float>, half>;
  out[4] = is_same_v<make_unsigned_t<short>, ushort> && is_same_v<remove_reference_t<thread int&>, int>;
  out[5] = is_pointer_v<device float*> + is_const_v<const int> * 2 + is_convertible_v<int, float> * 4;
}
