// A loop with a barrier whose trip count differs between threads.
// dispatch: grid=1 threads=64
// buffer 0: float 256 iota
// buffer 1: float 64 undefined
// bytes 2: uint 200
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  float sum = 0;
  for (uint i = t; i < n; i += 64) {
    row[t] = in[i];
    threadgroup_barrier(mem_flags::mem_threadgroup);  // expect: divergent-barrier
    sum += row[t];
  }
  out[t] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  float sum = 0;
  for (uint base = 0; base < n; base += 64) {
    row[t] = base + t < n ? in[base + t] : 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sum += row[t];
  }
  out[t] = sum;
}
