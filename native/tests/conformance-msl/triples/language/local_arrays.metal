// Arrays of arrays, indexed at run time, copied through structs, as parameters.
#include <metal_stdlib>
using namespace metal;

struct Box { float v[3]; };
static float pick(thread const float (&m)[2][3], int r, int c) { return m[r][c]; }
kernel void check(device float* out [[buffer(0)]], constant int& at [[buffer(1)]]) {
  float m[2][3];
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 3; ++c) m[r][c] = r * 10 + c;
  Box a = {{1, 2, 3}}, b = a;
  b.v[at] = 50;
  out[0] = pick(m, at, 2), out[1] = m[at][at], out[2] = a.v[at], out[3] = b.v[at];
}
