// How many simdgroups and quadgroups a threadgroup of 70 threads has; every thread sees the same.
#include <metal_stdlib>
using namespace metal;

kernel void counts(device uint* out [[buffer(0)]], uint simdgroups [[simdgroups_per_threadgroup]], uint width [[threads_per_simdgroup]],
                   uint quadgroups [[quadgroups_per_threadgroup]], uint planned [[dispatch_simdgroups_per_threadgroup]],
                   uint planned_threads [[dispatch_threads_per_threadgroup]], uint planned_quads [[dispatch_quadgroups_per_threadgroup]],
                   uint i [[thread_index_in_threadgroup]]) {
  if (i != 69) return;
  out[0] = simdgroups;
  out[1] = width;
  out[2] = quadgroups;
  out[3] = planned;
  out[4] = planned_threads;
  out[5] = planned_quads;
}
