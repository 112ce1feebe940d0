// Only the entry asked for runs; helpers and tables are shared.
#include <metal_stdlib>
using namespace metal;

constant int table[3] = {5, 6, 7};
static int look(int i) { return table[i % 3]; }
kernel void first(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = look(i); }
kernel void second(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = -look(i + 1); }
