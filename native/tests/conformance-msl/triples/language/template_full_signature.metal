// Instantiation with the whole signature, template arguments spelled out.
#include <metal_stdlib>
using namespace metal;

template <typename T, int step>
[[kernel]] void scale(device T* out [[buffer(0)]], device const T* in [[buffer(1)]], constant T& factor [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  out[i] = in[i * step] * factor;
}
template [[host_name("scale_half_2")]] [[kernel]] void scale<half, 2>(device half* out [[buffer(0)]], device const half* in [[buffer(1)]], constant half& factor [[buffer(2)]],
                                                                       uint i [[thread_position_in_grid]]);
template [[host_name("scale_int_1")]] [[kernel]] void scale<int, 1>(device int*, device const int*, constant int&, uint);
