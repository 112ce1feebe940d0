// References to components and array elements, pointers to pointers' targets, pointer arithmetic.
#include <metal_stdlib>
using namespace metal;

static void bump(thread float& x) { x += 1; }
static void fill(thread int* begin, thread int* end, int v) { for (thread int* p = begin; p != end; ++p) *p = v; }
static void swap_them(thread int& a, thread int& b) { int t = a; a = b; b = t; }
kernel void check(device float* out [[buffer(0)]], device float* in [[buffer(1)]]) {
  float4 v(1, 2, 3, 4);
  bump(v[2]);
  thread float& y = v.y;
  y *= 10;
  int n[4] = {};
  fill(n + 1, n + 3, 9);
  swap_them(n[0], n[1]);
  device float* p = in + 3;
  p -= 1;
  out[0] = v.x, out[1] = v.y, out[2] = v.z, out[3] = n[0], out[4] = n[1], out[5] = n[2] + n[3], out[6] = p[-1] + *p, out[7] = float(&in[3] - p);
}
