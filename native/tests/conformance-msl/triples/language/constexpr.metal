// Functions and tables computed by the compiler.
#include <metal_stdlib>
using namespace metal;

constexpr int factorial(int n) { return n <= 1 ? 1 : n * factorial(n - 1); }
template <int N> struct Squares { int v[N]; constexpr Squares() : v() { for (int i = 0; i < N; ++i) v[i] = i * i; } };
constant constexpr int f5 = factorial(5);
static_assert(f5 == 120, "");
kernel void check(device int* out [[buffer(0)]]) {
  constexpr Squares<6> squares;
  float values[factorial(3)];
  values[5] = 2;
  out[0] = f5, out[1] = squares.v[5], out[2] = sizeof(values), out[3] = int(values[5]);
}
