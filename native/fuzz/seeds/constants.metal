#include <metal_stdlib>
using namespace metal;
constant int width [[function_constant(0)]];
constant bool has_bias [[function_constant(1)]];
constant bool both = has_bias && is_function_constant_defined(width);
constant uint first = 3, second = first + 1;
constant float table[4] = {1.0, .5, 2e-3, 0x1p-3};
constant constexpr half scale = 1.5h;
enum Slot { slot_a, slot_b = 2, slot_c };
namespace outer { namespace {
  constant int depth = metal::is_function_constant_defined(width) ? width : 1'000;
  static constant float hidden[] = {1, 2};
  kernel void inside(device float* x [[buffer(slot_a)]], constant float* bias [[buffer(slot_c), function_constant(has_bias)]],
                     constant float2& p [[buffer(1 + 3 * 2)]], uint2 i [[thread_position_in_grid]]) {
    x[i.x] = (has_bias ? bias[0] : table[i.x & 3]) * float(scale) + p.yx.x + hidden[0];
  }
} }
kernel void outside(device atomic_uint* n, device packed_float3* v, device bfloat* w, threadgroup int* t, uint i [[thread_index_in_threadgroup]]) {
  atomic_fetch_add_explicit(n, 1u, memory_order_relaxed);
  float4 c = float4(v[0], 1.0);
  c.rgb *= 2.0;
  c.xy >>= 1;
  c.wzyx = c.rgba;
  w[i] = 1.0bf;
  t[i] = c.x > 0.0 ? 1 : 0;
}
