// Loads from and stores to threadgroup memory, by two simdgroups at once.
#include <metal_stdlib>
using namespace metal;

kernel void exchange(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_index_in_threadgroup]],
                     uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float tile[2][64];
  for (uint k = i; k < 128; k += 64) tile[k / 64][k % 64] = in[k];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_float8x8 other;
  simdgroup_load(other, tile[1 - group], 8);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_store(other, tile[group], 8, ulong2(0, 0), true);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint k = i; k < 128; k += 64) out[k] = tile[k / 64][k % 64];
}
