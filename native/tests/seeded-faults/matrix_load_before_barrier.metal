// simdgroup_load takes a tile from threadgroup memory that other simdgroups are still filling.
// dispatch: grid=1 threads=64
// buffer 0: float 64 iota
// buffer 1: float 64 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float tile[64];
  tile[t] = in[t];  // label: store
  simdgroup_float8x8 a;
  simdgroup_load(a, tile, 8);  // expect: race with store
  if (group == 0) simdgroup_store(a, out, 8);
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float tile[64];
  tile[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_float8x8 a;
  simdgroup_load(a, tile, 8);
  if (group == 0) simdgroup_store(a, out, 8);
}
