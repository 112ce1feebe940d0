// Constants in a kernel template with a host name.
#include <metal_stdlib>
using namespace metal;

constant bool is_negated [[function_constant(0)]];
template <typename T> [[kernel]] void negate(device T* out [[buffer(0)]], device const T* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = is_negated ? -in[i] : in[i];
}
#define INSTANTIATE(name, type) template [[host_name(name)]] [[kernel]] decltype(negate<type>) negate<type>;
INSTANTIATE("negate_float", float)
INSTANTIATE("negate_int", int)
