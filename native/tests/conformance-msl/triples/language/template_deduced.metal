// Template arguments deduced from the signature of the instantiation.
#include <metal_stdlib>
using namespace metal;

template <typename T, typename U>
kernel void convert(device T* out [[buffer(0)]], device const U* in [[buffer(1)]], uint i [[thread_position_in_grid]]) { out[i] = T(in[i]); }
template [[host_name("half_to_int")]] kernel void convert(device int* out [[buffer(0)]], device const half* in [[buffer(1)]], uint i [[thread_position_in_grid]]);
