// Two halves used in turn, with one barrier a round.
#include <metal_stdlib>
using namespace metal;

kernel void rounds(device uint* out [[buffer(0)]], uint t [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]]) {
  threadgroup uint shared[2][40];
  uint v = t;
  for (uint round = 0; round < 5; ++round) {
    shared[round % 2][t] = v;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    v = shared[round % 2][(t + 1) % n] * 3 + 1;
  }
  out[t] = v;
}
