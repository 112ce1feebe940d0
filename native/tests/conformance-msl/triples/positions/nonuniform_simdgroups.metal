// At the edge the threadgroup has fewer simdgroups, and its last one fewer threads.
#include <metal_stdlib>
using namespace metal;

struct Row { uint simdgroups, simdgroup, lane, active; };
kernel void edge(device Row* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint simdgroups [[simdgroups_per_threadgroup]],
                 uint simdgroup [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  out[i] = Row{simdgroups, simdgroup, lane, simd_sum(1u)};
}
