// Within a simdgroup its own barrier is enough.
#include <metal_stdlib>
using namespace metal;

kernel void pass(device uint* out [[buffer(0)]], uint t [[thread_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]], uint group [[simdgroup_index_in_threadgroup]]) {
  threadgroup uint shared[2][32];
  shared[group][lane] = t;
  simdgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = shared[group][31 - lane];
}
