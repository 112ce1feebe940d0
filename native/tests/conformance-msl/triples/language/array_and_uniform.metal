// metal::array with its members, and uniform<T>.
#include <metal_stdlib>
using namespace metal;

kernel void check(device int* out [[buffer(0)]], constant int& n [[buffer(1)]]) {
  metal::array<int, 4> a = {3, 1, 2, 0};
  a[3] = 9;
  int sum = 0;
  for (int v : a) sum += v;
  const uniform<int> u = make_uniform(n);
  uniform<int> twice = u * make_uniform(2);
  out[0] = sum, out[1] = int(a.size()), out[2] = u + 1, out[3] = twice, out[4] = a.front() * 10 + a.back();
}
