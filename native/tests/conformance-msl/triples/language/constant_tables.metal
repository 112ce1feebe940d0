// Tables in constant memory: of numbers, vectors, structs, and in a namespace.
#include <metal_stdlib>
using namespace metal;

constant float weights[4] = {0.5, 1, 2, 4};
constant uint2 offsets[] = {uint2(1, 2), uint2(3, 4)};
struct Entry { int key; float value; };
constant Entry entries[] = {{3, 0.25f}, {-1, 8.0f}};
namespace deep { constant constexpr int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}}; }
kernel void check(device float* out [[buffer(0)]], constant int& at [[buffer(1)]]) {
  out[0] = weights[at] + weights[at + 2];
  out[1] = offsets[at].y;
  out[2] = entries[at].key, out[3] = entries[at].value;
  out[4] = deep::matrix[at][2];
}
