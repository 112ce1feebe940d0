// Template parameters of bool, enum and template kinds, with defaults.
#include <metal_stdlib>
using namespace metal;

enum class Op { add, multiply };
template <Op op> struct Apply;
template <> struct Apply<Op::add> { static int run(int a, int b) { return a + b; } };
template <> struct Apply<Op::multiply> { static int run(int a, int b) { return a * b; } };
template <typename T, Op op, bool twice = false, template <Op> class F = Apply>
kernel void apply(device T* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = F<op>::run(i, 3) * (twice ? 2 : 1); }
template [[host_name("multiply_twice")]] kernel void apply<int, Op::multiply, true>(device int*, uint);
