// Functions, methods and constructors that differ only in address space; all of them do the same here.
#include <metal_stdlib>
using namespace metal;

struct Pair { int a, b; };
static int sum(device const Pair& p) { return p.a + p.b; }
static int sum(constant Pair& p) { return p.a + p.b; }
static int sum(threadgroup const Pair& p) { return p.a + p.b; }
static int sum(thread const Pair& p) { return p.a + p.b; }
template <typename P> static int twice(P p) { return 2 * sum(*p); }
kernel void check(device int* out [[buffer(0)]], device const Pair* d [[buffer(1)]], constant Pair& c [[buffer(2)]], threadgroup Pair* t [[threadgroup(0)]]) {
  t->a = 5, t->b = 6;
  Pair own{7, 8};
  out[0] = sum(d[1]), out[1] = sum(c), out[2] = sum(*t), out[3] = sum(own), out[4] = twice(d), out[5] = twice(&c);
}
