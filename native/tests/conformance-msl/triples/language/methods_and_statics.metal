// Member functions, static members, constructors with initialisers, inheritance.
#include <metal_stdlib>
using namespace metal;

struct Base { int n; Base(int v) : n(v) {} int get() const { return n; } };
struct Derived : Base { static constant constexpr int extra = 100; Derived(int v) : Base(v * 2), m(v) {} int m; int all() const { return get() + m + extra; } };
template <typename T> struct Counter { T value = 0; thread Counter& add(T v) thread { value += v; return *this; } static T unit() { return T(1); } };
kernel void check(device int* out [[buffer(0)]]) {
  Derived d(3);
  Counter<int> c;
  c.add(4).add(Counter<int>::unit());
  out[0] = d.all(), out[1] = c.value, out[2] = Derived::extra;
}
