kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]] {
  x[i = (1 + 2 * { 3 ];
template <typename T kernel void t(device T<<<<< x)) {
struct { struct { namespace a::b::c { enum class
constant float z [[function_constant(] = 1;
template [[host_name("]] kernel void k<
"unterminated
'x
R"(raw
#pragma
# 99999999999999999999 "
[[ [[ [ ]] ]
