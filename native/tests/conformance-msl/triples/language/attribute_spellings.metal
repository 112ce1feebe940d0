// kernel before or after attributes, [[kernel]], max_total_threads_per_threadgroup, indices left to the order.
#include <metal_stdlib>
using namespace metal;

[[kernel, max_total_threads_per_threadgroup(64)]] void check(device int* out, constant int& n, uint i [[thread_position_in_grid]]) { out[i] = int(i) + n; }
