// The results of one simdgroup's simdgroup_store are read by the other without a barrier.
// dispatch: grid=1 threads=64
// buffer 0: float 128 iota
// buffer 1: float 128 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float tile[128];
  simdgroup_float8x8 a;
  simdgroup_load(a, in + group * 64, 8);
  simdgroup_store(a, tile + group * 64, 8);  // label: store
  out[t] = tile[t];  // expect: race with store
  out[64 + t] = tile[64 + t];  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint t [[thread_index_in_threadgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup float tile[128];
  simdgroup_float8x8 a;
  simdgroup_load(a, in + group * 64, 8);
  simdgroup_store(a, tile + group * 64, 8);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = tile[t];
  out[64 + t] = tile[64 + t];
}
