// Instantiation by decltype, and by a typedef of the function's type.
#include <metal_stdlib>
using namespace metal;

template <typename T> kernel void negate(device T* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = -T(i); }
typedef decltype(negate<float>) float_kernel;
template [[host_name("negate_float")]] kernel float_kernel negate<float>;
template [[host_name("negate_int")]] kernel decltype(negate<int>) negate<int>;
