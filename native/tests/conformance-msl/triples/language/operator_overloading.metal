// Operators of a struct: binary, compound, call, index, conversion, comparison.
#include <metal_stdlib>
using namespace metal;

struct Complex {
  float re, im;
  Complex operator*(Complex o) const { return {re * o.re - im * o.im, re * o.im + im * o.re}; }
  thread Complex& operator+=(Complex o) thread { re += o.re, im += o.im; return *this; }
  float operator()(float x) const { return re * x + im; }
  float operator[](int i) const { return i ? im : re; }
  explicit operator bool() const { return re != 0 || im != 0; }
};
static Complex operator-(Complex a) { return {-a.re, -a.im}; }
static bool operator==(Complex a, Complex b) { return a.re == b.re && a.im == b.im; }
kernel void check(device float* out [[buffer(0)]]) {
  Complex a{1, 2}, b{3, -1};
  Complex c = a * b;
  c += -a;
  out[0] = c.re, out[1] = c.im, out[2] = a(10), out[3] = b[1], out[4] = c ? 1 : 0, out[5] = a == a && !(a == b);
}
