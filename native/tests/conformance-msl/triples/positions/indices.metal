// Linear index, simdgroup and lane in a threadgroup of two dimensions, x fastest.
#include <metal_stdlib>
using namespace metal;

struct Row { uint index, simdgroup, lane, quadgroup, in_quad; };
kernel void indices(device Row* out [[buffer(0)]], uint3 in_group [[thread_position_in_threadgroup]], uint3 threads [[threads_per_threadgroup]],
                    uint index [[thread_index_in_threadgroup]], uint simdgroup [[simdgroup_index_in_threadgroup]],
                    uint lane [[thread_index_in_simdgroup]], uint quadgroup [[quadgroup_index_in_threadgroup]],
                    uint in_quad [[thread_index_in_quadgroup]]) {
  out[(in_group.z * threads.y + in_group.y) * threads.x + in_group.x] = Row{index, simdgroup, lane, quadgroup, in_quad};
}
