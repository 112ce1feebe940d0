// Scalars written, vectors read: threadgroup arrays are aligned for it.
#include <metal_stdlib>
using namespace metal;

kernel void vectors(device float4* out [[buffer(0)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float shared[32];
  shared[t] = float(t);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < 8) out[t] = ((threadgroup float4*)shared)[7 - t];
}
