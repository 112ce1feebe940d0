// Plain and scoped enums, with a type, as array sizes, in switches and conversions.
#include <metal_stdlib>
using namespace metal;

enum Color { red, green = 5, blue };
enum class Kind : uchar { a = 1, b = 200 };
enum { size = 3 };
struct Holder { enum Inner { one = 1, two }; Inner v; };
kernel void check(device int* out [[buffer(0)]]) {
  int table[size] = {7, 8, 9};
  Kind k = Kind::b;
  Holder h{Holder::two};
  out[0] = blue, out[1] = int(k), out[2] = sizeof(Kind), out[3] = table[size - 1], out[4] = h.v, out[5] = static_cast<Color>(5) == green;
}
