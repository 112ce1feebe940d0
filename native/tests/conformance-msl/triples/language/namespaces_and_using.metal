// Nested and inline namespaces, aliases, using declarations and directives, type aliases.
#include <metal_stdlib>
using namespace metal;

namespace outer { namespace inner { static int f(int x) { return x + 1; } } inline namespace v1 { static int g(int x) { return x * 2; } } }
namespace short_name = outer::inner;
using outer::g;
template <typename T> using Pair = vec<T, 2>;
typedef Pair<int> IntPair;
namespace { int hidden(int x) { return x - 3; } }
kernel void check(device int* out [[buffer(0)]]) {
  using namespace outer::inner;
  IntPair p(f(1), g(2));
  out[0] = p.x, out[1] = p.y, out[2] = short_name::f(10), out[3] = outer::v1::g(10), out[4] = hidden(0);
}
