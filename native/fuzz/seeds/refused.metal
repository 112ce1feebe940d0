#include <metal_stdlib>
using namespace metal;
struct Base { virtual void f(); double d; };
vertex float4 v(uint i [[vertex_id]]) { return float4(0); }
fragment float4 f(float4 p [[stage_in]]) { goto end; end: return p; }
kernel void t(texture2d<float, access::read> image [[texture(0)]], sampler s [[sampler(0)]], device float* x [[buffer(40)]], float y, device int* z [[buffer(0)]], device int* w [[buffer(0)]]) {
  int* p = new int[4]; delete[] p; try { throw 1; } catch (...) {}
  mpp::tensor_ops::matmul2d<1> m; static int count = 0; threadgroup float q[4] = {0};
}
template [[host_name("gone")]] kernel void missing<float>(device float*);
kernel int returns(device float* x [[buffer(width)]]) { return 1; }
kernel void declared(device float* x [[buffer(0)]]);
