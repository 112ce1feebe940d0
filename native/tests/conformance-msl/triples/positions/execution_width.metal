// thread_execution_width is the older name of threads_per_simdgroup.
#include <metal_stdlib>
using namespace metal;

kernel void width(device uint* out [[buffer(0)]], uint a [[thread_execution_width]], uint b [[threads_per_simdgroup]], uint i [[thread_position_in_grid]]) {
  out[i] = a == b ? a : 0;
}
