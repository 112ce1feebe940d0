// Threads beyond the row's end fall back on slot 0, which is somebody else's.
// dispatch: grid=1 threads=64
// buffer 0: float 50 iota
// buffer 1: float 64 undefined
// bytes 2: uint 50
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  const uint slot = t < n ? t : 0;
  row[slot] = in[slot];  // label: store // expect: race with store
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = row[slot];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  row[t] = t < n ? in[t] : 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = row[t < n ? t : 0];
}
