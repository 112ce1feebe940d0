// The first active lane, in a full and a partial simdgroup.
#include <metal_stdlib>
using namespace metal;

kernel void first(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = simd_is_first() ? 1 : 0; }
