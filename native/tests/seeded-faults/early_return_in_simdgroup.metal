// Threads past the end return before a barrier that the others reach.
// dispatch: grid=1 threads=64
// buffer 0: float 50 iota
// buffer 1: float 50 undefined
// bytes 2: uint 50
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  if (t >= n) return;  // label: return
  row[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);  // expect: divergent-barrier
  out[t] = row[n - 1 - t];
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& n [[buffer(2)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup float row[64];
  if (t < n) row[t] = in[t];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < n) out[t] = row[n - 1 - t];
}
